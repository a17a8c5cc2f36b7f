import path from 'node:path';
import { espalierJson } from '../command.ts';
import { checked, interval, type Measured, milliseconds, row, times } from './measured.ts';
import { type Subject, strategyOf, WORK } from './subjects.ts';

/** Half of the MACs removed, every limit as it is by default; then timed beside the unpruned network. */
export async function half(subject: Subject, threads: number): Promise<string[]> {
  const pruned = path.join(WORK, `${path.parse(subject.file).name}-half.onnx`);
  await espalierJson([
    'prune',
    subject.file,
    ...strategyOf(subject),
    '--target',
    'macs=0.5',
    '--out',
    pruned,
  ]);
  const batches = ['--batch', '1,32', '--threads', String(threads)];
  const measured: Measured = await espalierJson(['measure', subject.file, pruned, ...batches]);
  return measured.rows.flatMap(({ batch, speedup, latencyMs: after }) => {
    const before = measured.rows.find((each) => each.batch === batch && !each.speedup)?.latencyMs;
    const check = measured.checks.find((each) => each.batch === batch);
    if (!speedup || !before || !check) return [];
    const cells = [
      milliseconds(before.p50),
      milliseconds(after.p50),
      times(speedup.ratio),
      interval(speedup),
    ];
    return [row([subject.name, batch, ...cells, checked(check)])];
  });
}
