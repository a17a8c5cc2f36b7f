import path from 'node:path';
import { espalierJson } from '../command.ts';
import { checked, interval, type Measured, milliseconds, percent, row, times } from './measured.ts';
import { profiled } from './prediction.ts';
import { type Subject, strategyOf, WORK } from './subjects.ts';

const ALLOCATIONS = ['cie', 'greedy'];
const BATCH = 32;
const TARGETS = ['macs=0.4', 'macs=0.5', 'macs=0.6', 'macs=0.7', 'latency=0.3', 'latency=0.4', 'latency=0.5'];

/**
 * Structures found by time beside those found by MACs: accuracy after the repair on the search split, and the time of
 * all of them in one run, the fastest last.
 */
export async function equalTime(subject: Subject, threads: number): Promise<string[]> {
  if (!subject.dataset) return [];
  const { file: profile } = await profiled(subject, BATCH, threads);
  const found: { name: string; out: string; top1: number }[] = [];
  for (const allocation of ALLOCATIONS) {
    for (const target of TARGETS) {
      const out = path.join(WORK, `${path.parse(subject.file).name}-${allocation}-${target}.onnx`);
      const goal = ['--target', target, ...(target.startsWith('latency') ? ['--profile', profile] : [])];
      await espalierJson(['prune', subject.file, ...strategyOf(subject, allocation), ...goal, '--out', out]);
      const split = ['--dataset', subject.dataset, '--split', 'search'];
      const { top1 } = await espalierJson(['evaluate', out, ...split]);
      found.push({ name: `${allocation}, ${target}`, out, top1 });
    }
  }
  const conditions = ['--batch', String(BATCH), '--threads', String(threads)];
  const measured: Measured = await espalierJson([
    'measure',
    subject.file,
    ...found.map(({ out }) => out),
    ...conditions,
  ]);
  const check = measured.checks[0];
  return found
    .flatMap(({ name, top1 }, i) => {
      const timed = measured.rows[i + 1];
      return timed?.speedup && check ? [{ name, top1, timed, speedup: timed.speedup }] : [];
    })
    .sort((a, b) => b.timed.latencyMs.p50 - a.timed.latencyMs.p50)
    .map(({ name, top1, timed, speedup }) =>
      row([
        ...[subject.name, name, milliseconds(timed.latencyMs.p50), times(speedup.ratio), interval(speedup)],
        ...[percent(top1, 2), check ? checked(check) : ''],
      ]),
    );
}
