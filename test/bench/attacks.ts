/**
 * `npm run bench:attacks [-- --seconds 5 --times 2 --only TEXT --write]`: how long /health takes while one client does
 * its worst, and how the memory of the API's process grows. Who attacks shares the machine's cores with the platform.
 * With --write the table goes to docs/results/attacks.md.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processorName } from '@espalier/latency';
import { startEmbeddedPostgres } from '@espalier/store';
import { filled, keyOf } from './api/database.ts';
import { ATTACKS, type Attack, type Target } from './attacks/attacks.ts';
import { residentTree } from './machine.ts';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string', default: '/var/tmp/espalier-bench-attacks' },
    seconds: { type: 'string', default: '5' },
    times: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const lines: string[] = [];
const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

await mkdir(options.home, { recursive: true });
const postgres = await startEmbeddedPostgres(path.join(options.home, 'postgres'));
let server: ChildProcess | undefined;
try {
  const url = await filled(postgres.url, { runs: 2000, points: 1000 });
  server = fork(at('api/server.ts'), [url, options.home], { execArgv: ['--import', 'tsx'] });
  const [{ address }] = (await once(server, 'message')) as [{ address: string }];
  const target = { address, key: await keyOf(url) };
  say('# /health while somebody attacks\n');
  say(
    `Command: \`npm run bench:attacks -- --write\`. Machine: ${processorName()}, ${availableParallelism()} cores, which the attacker and PostgreSQL share, load ${loadavg()[0]?.toFixed(1)} before; Node ${process.versions.node}. Each attack lasts ${options.seconds} s, ${options.times} times; milliseconds, MiB of the API's process after each time.\n`,
  );
  say('| attack | median | p99 | worst | without an answer | memory |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const [name, attack] of Object.entries(ATTACKS)) {
    if (name.includes(options.only)) say(await row(name, attack, target, server.pid ?? 0));
    if (server.exitCode !== null) throw new Error(`"${name}" ended the server`);
  }
} finally {
  if (server?.connected) server.disconnect();
  await postgres.stop();
}
if (options.write) {
  await writeFile(new URL('../../docs/results/attacks.md', import.meta.url), `${lines.join('\n')}\n`);
}
process.exit(0);

async function row(name: string, attack: Attack, target: Target, pid: number): Promise<string> {
  const took: number[] = [];
  const memory: number[] = [];
  for (let i = 0; i < Number(options.times); i++) {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const poller = fork(at('attacks/health.ts'), [target.address], { execArgv: ['--import', 'tsx'] });
    await pause(1000);
    attack(target, stop.signal);
    await pause(Number(options.seconds) * 1000);
    poller.send('enough');
    const [asked] = (await once(poller, 'message')) as [(number | null)[]];
    took.push(...asked.map((ms) => ms ?? Number.POSITIVE_INFINITY));
    stop.abort();
    poller.disconnect();
    await pause(1000);
    memory.push(residentTree(pid) / 2 ** 20);
  }
  took.sort((a, b) => a - b);
  const share = (part: number) =>
    took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? Number.NaN;
  const lost = took.filter((ms) => !Number.isFinite(ms)).length;
  const cells = [share(0.5), share(0.99), share(1)].map((ms) => ms.toFixed(1));
  return `| ${[name, ...cells, `${lost} of ${took.length}`, memory.map((mib) => mib.toFixed(0)).join(', ')].join(' | ')} |`;
}

function say(line: string): void {
  lines.push(line);
  console.log(line);
}
