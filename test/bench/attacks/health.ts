import { get } from 'node:http';

// Asks /health fifty times a second, each time over a separate connection, in a separate process. Argument: the
// platform's address. A message ends it; it answers with how long each answer took, in milliseconds, null for none.
const [address = ''] = process.argv.slice(2);
const took: number[] = [];
const timer = setInterval(ask, 20);
process.once('message', () => {
  clearInterval(timer);
  setTimeout(() => process.send?.(took.map((ms) => (Number.isFinite(ms) ? ms : null))), 1500);
});

function ask(): void {
  const began = performance.now();
  const at = took.push(Number.POSITIVE_INFINITY) - 1;
  get(`${address}/health`, { agent: false, timeout: 10_000 }, (response) => {
    response.resume().on('end', () => {
      if (response.statusCode === 200) took[at] = performance.now() - began;
    });
  }).on('error', () => {});
}
