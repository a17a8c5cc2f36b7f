import {
  contributionMatrix,
  countFlips,
  dropMatrix,
  monotoneDrop,
  pairedStandardError,
} from '../contribution.ts';
import { type CellScores, mean } from './cell.ts';
import { packBits } from './packing.ts';
import type { SamplingRun, SweepHeader } from './run.ts';

/**
 * Builds the matrices of a sweep from its cells.
 *
 * @param baseline scores of the unpruned network
 * @param cellAt scores of group g with this many units removed (never 0)
 */
export function summarise(
  header: SweepHeader,
  baseline: CellScores,
  cellAt: (g: number, removed: number) => CellScores,
): SamplingRun {
  const cells = header.removed.map((row, g) =>
    row.map((units) => (units === 0 ? baseline : cellAt(g, units))),
  );
  const each = <T>(value: (cell: CellScores) => T): T[][] => cells.map((row) => row.map(value));
  const top1 = mean(baseline.hit1);
  const accuracy = each(({ hit1 }) => mean(hit1));
  const drop = dropMatrix(top1, accuracy);
  const monotone = monotoneDrop(drop);
  return {
    format: 'espalier-sweep',
    version: 1,
    ...header,
    baseline: {
      top1,
      top5: baseline.hit5 ? mean(baseline.hit5) : null,
      loss: mean(baseline.loss),
      n: baseline.hit1.length,
      hits: packBits(baseline.hit1),
    },
    origin: header.removed.map((row) => row.map((units) => (units === 0 ? 'repeats-baseline' : 'measured'))),
    accuracy,
    top5: baseline.hit5 ? each(({ hit5 }) => mean(hit5 ?? [])) : null,
    loss: each(({ loss }) => mean(loss)),
    drop,
    standardError: each(({ hit1 }) => {
      const { lost, gained } = countFlips(baseline.hit1, hit1);
      return pairedStandardError(lost, gained, hit1.length);
    }),
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    hits: each(({ hit1 }) => packBits(hit1)),
  };
}
