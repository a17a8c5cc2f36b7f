// What a brush leaves in: the chart library tells it in its own terms.
import type { EChartsCoreOption } from 'echarts/core';

interface BrushSelected {
  readonly batch?: readonly {
    readonly areas: readonly unknown[];
    readonly selected: readonly { readonly seriesIndex: number; readonly dataIndex: readonly number[] }[];
  }[];
}

/** The `id`s of the data items of `option` inside the rectangle; null where there is none. */
export function brushedItems(event: unknown, option: EChartsCoreOption): readonly string[] | null {
  const batch = (event as BrushSelected).batch?.[0];
  if (!batch || batch.areas.length === 0) return null;
  const series = option.series as readonly { readonly data?: readonly { readonly id?: string }[] }[];
  return batch.selected.flatMap(({ seriesIndex, dataIndex }) =>
    dataIndex.flatMap((index) => series[seriesIndex]?.data?.[index]?.id ?? []),
  );
}

interface ParallelSeries {
  getRawIndicesByActiveState(state: 'active' | 'inactive'): number[];
}

/** As the library's own examples read it; the types do not tell of it. */
export function brushedLines(chart: object): readonly number[] | null {
  const model = (chart as { getModel(): { getSeriesByIndex(index: number): ParallelSeries } }).getModel();
  const series = model.getSeriesByIndex(0);
  const isBrushed = series.getRawIndicesByActiveState('inactive').length > 0;
  return isBrushed ? series.getRawIndicesByActiveState('active') : null;
}
