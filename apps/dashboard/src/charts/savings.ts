// A metric over saving, each against its own base: where published results can stand beside own runs.
import type { EChartsCoreOption } from 'echarts/core';
import { percent } from '#src/format/numbers.ts';
import { changeText, type ShownMetric } from '#src/format/quality.ts';
import { axis, GRID, legend, shareAxis, tooltip } from './axes.ts';
import type { Palette } from './palette.ts';
import { type BasePoint, type RunPoint, rectangle, runSeries } from './scatter.ts';

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
export function savingsOption(
  runs: readonly RunPoint[],
  base: BasePoint,
  published: readonly PublishedPoint[],
  measure: SavingMeasure,
  metric: ShownMetric,
  palette: Palette,
): EChartsCoreOption {
  const cost = COSTS[measure];
  const placeOf = (run: RunPoint) => [1 - run[cost] / base[cost], run.value - base.value] as const;
  const { allocations, series } = runSeries(runs, { measure: cost, metric, placeOf }, palette);
  const marks = placed(published, measure);
  return {
    animation: false,
    grid: { ...GRID, top: 36 },
    brush: rectangle(palette),
    legend: legend(palette, [...allocations, ...(marks.length > 0 ? [PUBLISHED] : [])]),
    tooltip: tooltip(
      palette,
      (item: { name: string; value: [number, number]; data: { told?: string[] } }) => [
        item.name,
        ...(item.data.told ?? []),
        `${metric.label} ${changeText(metric, item.value[1])}, ${SAVING_NAMES[measure]} ${percent(item.value[0], 1)}`,
      ],
    ),
    xAxis: shareAxis(palette, SAVING_NAMES[measure]),
    yAxis: axis(
      palette,
      { name: `${metric.label} against its own base`, format: (value) => changeText(metric, value, 1) },
      true,
    ),
    series: [
      ...series,
      {
        name: PUBLISHED,
        type: 'scatter',
        // As a path it keeps its form in the legend.
        symbol: 'path://M0,-8L8,0L0,8L-8,0Z',
        symbolSize: 12,
        itemStyle: { color: 'transparent', borderColor: palette.soft, borderWidth: 1.5 },
        data: marks.map(({ name, source, baseTop1, top1, share, change }) => ({
          name: `${name} (published)`,
          value: [share, change],
          told: [source, `its own base ${percent(baseTop1)}, then ${percent(top1)}`],
        })),
      },
    ],
  };
}

const PUBLISHED = 'published';
