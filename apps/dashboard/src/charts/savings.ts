// A metric over saving, each against its own base: where published results can stand beside own runs.
import { percent } from '#src/format/numbers.ts';
import { changeText, type ShownMetric } from '#src/format/quality.ts';
import { SHAPES } from '#src/format/shapes.ts';
import { changeAxis, shareAxis } from './axes.ts';
import type { Plot, Series } from './plot.ts';
import { type BasePoint, type RunPoint, runSeries } from './scatter.ts';

export type SavingMeasure = 'savedMacs' | 'savedParams';

export const SAVING_NAMES: Readonly<Record<SavingMeasure, string>> = {
  savedMacs: 'MACs removed',
  savedParams: 'params removed',
};
const COSTS = { savedMacs: 'macs', savedParams: 'params' } as const;

/** Somebody else's result, against the network that was pruned there. */
export interface PublishedPoint {
  readonly name: string;
  /** "CVPR 2023" */
  readonly source: string;
  readonly baseTop1: number | null;
  readonly top1: number | null;
  readonly savedMacs: number | null;
  readonly savedParams: number | null;
}

/** Those with all that a place on the chart takes. */
export function placed(published: readonly PublishedPoint[], measure: SavingMeasure) {
  return published.flatMap(({ name, source, baseTop1, top1, ...saved }) => {
    const share = saved[measure];
    return baseTop1 === null || top1 === null || share === null
      ? []
      : [{ name, source, baseTop1, top1, share, change: top1 - baseTop1 }];
  });
}

/**
 * Change by the metric over the share removed. The front is that of the runs alone; published results are hollow, and
 * each is drawn against its own base.
 */
export function savingsPlot(
  runs: readonly RunPoint[],
  base: BasePoint,
  published: readonly PublishedPoint[],
  measure: SavingMeasure,
  metric: ShownMetric,
): Plot {
  const cost = COSTS[measure];
  const told = (change: number, share: number) =>
    `${metric.label} ${changeText(metric, change)}, ${SAVING_NAMES[measure]} ${percent(share, 1)}`;
  const pointOf = (run: RunPoint) => {
    const [x, y] = [1 - run[cost] / base[cost], run.value - base.value];
    return { x, y, words: [run.name, told(y, x)] };
  };
  const theirs: Series = {
    ...{ name: 'published', colour: 'var(--ink-soft)', size: 12, hollow: true, listed: true },
    points: placed(published, measure).map(({ name, source, baseTop1, top1, share, change }) => ({
      ...{ x: share, y: change, shape: SHAPES.diamond },
      words: [
        `${name} (published)`,
        source,
        `its own base ${percent(baseTop1)}, then ${percent(top1)}`,
        told(change, share),
      ],
    })),
  };
  return {
    x: shareAxis(SAVING_NAMES[measure]),
    y: changeAxis(metric),
    series: [
      ...runSeries(runs, { costOf: (run) => run[cost], metric, pointOf }),
      ...(theirs.points.length > 0 ? [theirs] : []),
    ],
  };
}
