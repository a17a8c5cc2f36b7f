/**
 * `npm run test:abuse -- files [--count 20000] [--seed N] [--first 0] [--models FOLDER]`: mutated networks
 * (ONNX, TensorFlow.js, Keras), packed data sets and images, each of which has to be read or refused in a line. `--first N --count 1` is one of them again.
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { abuse, KINDS, type Tally } from './files/abuse.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    first: { type: 'string', default: '0' },
    models: { type: 'string' },
  },
});
const [count, seed, first] = [Number(values.count), Number(values.seed), Number(values.first)];
const EVERY_MS = 10_000;

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
const began = performance.now();
let told = began;
let findings = 0;
console.log(`${count} mutants, seed ${seed}`);
const tally = await abuse({
  ...{ count, seed, first, models: values.models, signal: stopping.signal },
  findings: path.join(tmpdir(), 'espalier-abuse-findings'),
  onMutant(so) {
    for (const finding of so.findings.slice(findings)) console.log(`  ${finding}`);
    findings = so.findings.length;
    if (performance.now() - told < EVERY_MS) return;
    told = performance.now();
    const rate = (so.done * 1000) / (told - began);
    const left = (count - so.done) / rate / 60;
    console.log(`${counts(so)}; ${rate.toFixed(0)} a second, ${left.toFixed(0)} min left`);
  },
});
console.log(`${counts(tally)}; seed ${seed}, ${((performance.now() - began) / 60_000).toFixed(1)} min`);
if (stopping.signal.aborted) console.log('broken off');
process.exitCode = tally.findings.length > 0 ? 1 : process.exitCode;

function counts({ done, read, refused, findings: found, mostBytes }: Tally): string {
  const each = KINDS.map((kind) => `${kind} ${read[kind]} / ${refused[kind]}`);
  return `${done} done (read / refused: ${each.join(', ')}), ${found.length} findings, at most ${Math.round(mostBytes / 1e6)} MB`;
}
