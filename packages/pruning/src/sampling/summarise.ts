import { contributionMatrix, monotoneDrop } from '../contribution.ts';
import { type CellScores, imagesOf, isScored } from './cell.ts';
import { type JudgedCell, judge } from './metric.ts';
import { packBits } from './packing.ts';
import type { SamplingRun, SweepHeader } from './run.ts';

/** What was concluded of a cell that was not measured on all images. */
export type InferredCell = JudgedCell;

type Cell = JudgedCell & { readonly origin: SamplingRun['origin'][number][number]; readonly hits: string };

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
  const measured = (cell: CellScores) => ({
    ...judge(header, baseline, cell),
    hits: isScored(cell) ? packBits(cell.hit1) : '',
  });
  const whole = measured(baseline);
  const cells = header.removed.map((row, g) =>
    row.map((units): Cell => {
      if (units === 0) return { origin: 'repeats-baseline', ...whole };
      const cell = cellAt(g, units);
      return 'values' in cell
        ? { origin: 'inferred', hits: '', ...cell }
        : { origin: 'measured', ...measured(cell) };
    }),
  );
  const each = <T>(value: (cell: Cell) => T): T[][] => cells.map((row) => row.map(value));
  const has = Object.entries(whole.values).flatMap(([name, value]) => (value === null ? [] : [name]));
  const valuesOf = (name: string) => each(({ values }) => values[name as keyof typeof values] ?? 0);
  const of = (name: string) => (has.includes(name) ? valuesOf(name) : null);
  const drop = each((cell) => cell.drop);
  const monotone = monotoneDrop(drop);
  const { top1 = null, top5 = null, loss = null } = whole.values;
  return {
    format: 'espalier-sweep',
    version: 1,
    ...header,
    baseline: {
      ...{ top1, top5, loss, n: imagesOf(baseline) },
      hits: isScored(baseline) ? whole.hits : null,
      values: Object.fromEntries(
        has.map((name) => [name, whole.values[name as keyof typeof whole.values] ?? 0]),
      ),
    },
    origin: each(({ origin }) => origin),
    accuracy: of('top1'),
    top5: of('top5'),
    loss: of('loss'),
    values: Object.fromEntries(has.map((name) => [name, valuesOf(name)])),
    drop,
    standardError: each(({ standardError }) => standardError),
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    hits: isScored(baseline) ? each(({ hits }) => hits) : null,
  };
}
