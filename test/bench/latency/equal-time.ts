import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { espalierJson } from '../command.ts';
import { checked, interval, type Measured, milliseconds, percent, row, times } from './measured.ts';
import { profiled } from './prediction.ts';
import { pictures, type Subject, strategyOf, WORK } from './subjects.ts';

/** What is searched, how it is repaired and judged, and how many images are timed in a run. */
interface Conditions {
  readonly allocations: readonly string[];
  readonly targets: readonly string[];
  readonly strategy: (allocation: string) => readonly string[];
  readonly judge: readonly string[];
  readonly quality: (evaluated: { readonly top1: number; readonly fidelity: number }) => string;
  readonly batch: number;
}

async function conditionsOf(subject: Subject): Promise<Conditions> {
  const timed = ['latency=0.3', 'latency=0.4', 'latency=0.5'];
  if (subject.dataset) {
    return {
      allocations: ['cie', 'greedy'],
      targets: ['macs=0.4', 'macs=0.5', 'macs=0.6', 'macs=0.7', ...timed],
      strategy: (allocation) => strategyOf(subject, allocation),
      judge: ['--dataset', subject.dataset],
      quality: ({ top1 }) => percent(top1, 2),
      batch: 32,
    };
  }
  const images = ['--dataset', await pictures()];
  const strategy = [...images, '--metric', 'fidelity', '--repair', '64'];
  return {
    allocations: ['cie'],
    targets: ['macs=0.3', 'macs=0.4', 'macs=0.5', 'macs=0.6', ...timed],
    strategy: (allocation) => [...strategy, '--allocation', allocation],
    judge: [...images, '--base', subject.file],
    quality: ({ fidelity }) => fidelity.toFixed(4),
    batch: 1,
  };
}

/** What a file keeps of work that was done before: only the times want a separate machine. */
async function once(file: string, work: () => Promise<string>): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return kept;
  const made = await work();
  await writeFile(file, made);
  return made;
}

/**
 * Structures found by time beside those found by MACs: quality after the repair on the search split, and the time of
 * all of them in one run, the fastest last.
 */
export async function equalTime(subject: Subject, threads: number): Promise<string[]> {
  const { allocations, targets, strategy, judge, quality, batch } = await conditionsOf(subject);
  const { file: profile } = await profiled(subject, batch, threads);
  const found: { name: string; out: string; kept: string }[] = [];
  for (const allocation of allocations) {
    for (const target of targets) {
      const out = path.join(WORK, `${path.parse(subject.file).name}-${allocation}-${target}.onnx`);
      const kept = await once(`${out}.quality`, async () => {
        const goal = ['--target', target, ...(target.startsWith('latency') ? ['--profile', profile] : [])];
        await espalierJson(['prune', subject.file, ...strategy(allocation), ...goal, '--out', out]);
        return quality(await espalierJson(['evaluate', out, ...judge, '--split', 'search']));
      });
      console.error(`${allocation}, ${target}: ${kept}`);
      found.push({ name: `${allocation}, ${target}`, out, kept });
    }
  }
  const conditions = ['--batch', String(batch), '--threads', String(threads)];
  const measured: Measured = await espalierJson([
    'measure',
    subject.file,
    ...found.map(({ out }) => out),
    ...conditions,
  ]);
  const check = measured.checks[0];
  return found
    .flatMap(({ name, kept }, i) => {
      const timed = measured.rows[i + 1];
      return timed?.speedup && check ? [{ name, kept, timed, speedup: timed.speedup }] : [];
    })
    .sort((a, b) => b.timed.latencyMs.p50 - a.timed.latencyMs.p50)
    .map(({ name, kept, timed, speedup }) =>
      row([
        ...[subject.name, name, milliseconds(timed.latencyMs.p50), times(speedup.ratio), interval(speedup)],
        ...[kept, check ? checked(check) : ''],
      ]),
    );
}
