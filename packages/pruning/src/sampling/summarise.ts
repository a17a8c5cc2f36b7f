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

/** What was concluded of a cell that was not measured on all images. */
export interface InferredCell {
  readonly accuracy: number;
  readonly top5: number | null;
  readonly loss: number;
  readonly standardError: number;
}

type Cell = InferredCell & { readonly origin: SamplingRun['origin'][number][number]; readonly hits: string };

/**
 * Builds the matrices of a sweep from its cells.
 *
 * @param baseline scores of the unpruned network
 * @param cellAt scores of group g with this many units removed (never 0), or what is inferred of it
 */
export function summarise(
  header: SweepHeader,
  baseline: CellScores,
  cellAt: (g: number, removed: number) => CellScores | InferredCell,
): SamplingRun {
  const cells = header.removed.map((row, g) =>
    row.map((units): Cell => {
      if (units === 0) return { origin: 'repeats-baseline', ...measured(baseline, baseline) };
      const cell = cellAt(g, units);
      return 'hit1' in cell
        ? { origin: 'measured', ...measured(baseline, cell) }
        : { origin: 'inferred', hits: '', ...cell };
    }),
  );
  const each = <T>(value: (cell: Cell) => T): T[][] => cells.map((row) => row.map(value));
  const top1 = mean(baseline.hit1);
  const accuracy = each((cell) => cell.accuracy);
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
    origin: each(({ origin }) => origin),
    accuracy,
    top5: baseline.hit5 ? each(({ top5 }) => top5 ?? 0) : null,
    loss: each(({ loss }) => loss),
    drop,
    standardError: each(({ standardError }) => standardError),
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    hits: each(({ hits }) => hits),
  };
}

function measured(baseline: CellScores, { hit1, hit5, loss }: CellScores): Omit<Cell, 'origin'> {
  const { lost, gained } = countFlips(baseline.hit1, hit1);
  return {
    accuracy: mean(hit1),
    top5: hit5 && mean(hit5),
    loss: mean(loss),
    standardError: pairedStandardError(lost, gained, hit1.length),
    hits: packBits(hit1),
  };
}
