import { importance, type SamplingRun, valuesOf } from '@espalier/pruning';
import type { ShownMetric } from './units.ts';

/** A contribution matrix made ready for drawing. */
export interface HeatMap {
  /** Network, data set, criterion, images: what it is of. */
  readonly subject: string;
  readonly metric: ShownMetric;
  readonly ratios: readonly number[];
  readonly rows: readonly HeatMapRow[];
  /** The end of the colour scale: the largest contribution, rounded up to 5 %. */
  readonly scaleEnd: number;
}

export interface HeatMapRow {
  readonly group: string;
  readonly width: number;
  readonly cells: readonly HeatMapCell[];
  /** Share of the whole damage, floored at 0.1 / L: what cie-proportional weighs groups by. */
  readonly importance: number;
  /** 1 for the most important group. */
  readonly rank: number;
}

export interface HeatMapCell {
  /** Share of the damage at this ratio. */
  readonly contribution: number;
  /** How much worse than the baseline by the metric, as measured. */
  readonly drop: number;
  /** By the metric. */
  readonly value: number;
  /** Units removed. */
  readonly removed: number;
  /** Not measured: an adaptive sweep concluded it from its neighbours. */
  readonly inferred: boolean;
  /** Where a structure prunes this group. */
  readonly chosen: boolean;
}

/** @param widths units that a structure keeps of each group: their cells are marked */
export function heatMap(run: SamplingRun, widths?: readonly number[]): HeatMap {
  const weights = importance(run.monotoneDrop);
  const { cells: values } = valuesOf(run);
  const order = weights.map((_, g) => g).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  const rows = run.groups.map(({ id, width }, g): HeatMapRow => {
    const removed = run.removed[g] ?? [];
    const chosen = chosenColumn(removed, width - (widths?.[g] ?? width));
    return {
      group: id,
      width,
      importance: weights[g] ?? 0,
      rank: order.indexOf(g) + 1,
      cells: removed.map((units, k) => ({
        contribution: run.contribution[g]?.[k] ?? 0,
        drop: run.drop[g]?.[k] ?? 0,
        value: values[g]?.[k] ?? 0,
        removed: units,
        inferred: run.origin[g]?.[k] === 'inferred',
        chosen: k === chosen,
      })),
    };
  });
  const largest = Math.max(...run.contribution.flat());
  return {
    subject: `${run.network.name}, ${run.dataset.name}, criterion ${run.criterion}, ${run.metric.name === 'top1' ? '' : `${run.metric.label}, `}${run.samples.toLocaleString('en-US')} images of the search split`,
    metric: run.metric,
    ratios: run.grid,
    rows,
    scaleEnd: Math.max(0.05, Math.ceil(largest * 20 - 1e-9) / 20),
  };
}

/** The sampled ratio nearest to what is removed; -1 for a whole group. */
function chosenColumn(removed: readonly number[], units: number): number {
  if (units === 0) return -1;
  const distances = removed.map((there) => Math.abs(there - units));
  return distances.indexOf(Math.min(...distances));
}

/** "10 %", "12.5 %" */
export function ratioLabel(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}
