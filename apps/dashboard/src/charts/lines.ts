import { fixed, percent } from '#src/format/numbers.ts';
import { amountText, changeOf, changeText } from '#src/format/quality.ts';
import { shareAxis, WHOLE } from './axes.ts';
import type { Matrix } from './matrix.ts';
import type { Plot } from './plot.ts';

/** What a search made of a group. */
export interface Decision {
  /** The share of the group that was removed; null where it was left whole. */
  readonly removed: number | null;
  /** The drop that was allowed each group; null where the search went by something else. */
  readonly tolerance: number | null;
}

/**
 * The drop of one group over the ratios, with one standard error up and down, and, of a finished search, the drop
 * that was allowed and the share that was removed. The axis of the drop begins at none or below.
 */
export function sensitivityPlot(matrix: Matrix, group: string, { removed, tolerance }: Decision): Plot {
  const { metric, grid } = matrix;
  const row = matrix.groups.indexOf(group);
  const errors = matrix.standardError[row] ?? [];
  const cells = (matrix.drop[row] ?? []).map((drop, column) => ({
    ...{ ratio: grid[column] ?? 0, drop, error: errors[column] ?? 0 },
  }));
  return {
    x: { ...shareAxis('share of the group removed'), ...WHOLE },
    y: {
      name: metric.direction === 'HIGHER' ? `drop of ${metric.label}` : `rise of ${metric.label}`,
      format: (value) => amountText(metric, value, metric.unit === 'SHARE' ? 0 : 1),
    },
    series: [
      {
        ...{ name: 'drop', colour: 'var(--accent)', line: 'solid', size: 7 },
        points: cells.map(({ ratio, drop, error }) => ({
          ...{ x: ratio, y: drop },
          words: [
            group,
            `${percent(ratio, 0)} removed: ${changeText(metric, changeOf(metric, drop))} (± ${amountText(metric, error)})`,
          ],
        })),
        bars: cells.map(({ ratio, drop, error }) => ({ x: ratio, low: drop - error, high: drop + error })),
      },
    ],
    marks: [
      // Nothing lost, so that small drops do not look large.
      { words: '', y: 0 },
      ...(tolerance === null ? [] : [{ words: `allowed ${amountText(metric, tolerance)}`, y: tolerance }]),
      ...(removed === null ? [] : [{ words: `removed ${percent(removed, 0)}`, x: removed }]),
    ],
  };
}

/** An epoch of fine-tuning. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly top1: number | null;
}

/** Epochs may be parts of one. */
export const EPOCH_AXIS = { name: 'epoch', format: String, from: 0 } as const;

export function epochWords(epoch: number): string {
  return `epoch ${Number(epoch.toFixed(2))}`;
}

/** Top-1 on the search split over the epochs, and the training loss on an axis of its own. */
export function trainingPlot(epochs: readonly Epoch[]): Plot {
  return {
    x: EPOCH_AXIS,
    y: shareAxis('top-1'),
    right: { name: 'loss', format: (value) => fixed(value, 2) },
    series: [
      {
        ...{ name: 'top-1', colour: 'var(--accent)', line: 'solid', size: 6, listed: true },
        points: epochs.flatMap(({ epoch, top1 }) =>
          top1 === null ? [] : [{ x: epoch, y: top1, words: [epochWords(epoch), `top-1 ${percent(top1)}`] }],
        ),
      },
      {
        ...{ name: 'training loss', colour: 'var(--ink-soft)', line: 'dashed', size: 6, listed: true },
        right: true,
        points: epochs.map(({ epoch, loss }) => ({
          ...{ x: epoch, y: loss },
          words: [epochWords(epoch), `loss ${fixed(loss)}`],
        })),
      },
    ],
  };
}
