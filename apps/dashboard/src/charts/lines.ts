import type { EChartsCoreOption } from 'echarts/core';
import { fixed, percent } from '#src/format/numbers.ts';
import { amountText, changeOf, changeText } from '#src/format/quality.ts';
import { axis, GRID, legend, markLine, shareAxis, tooltip, WHOLE } from './axes.ts';
import { errorBars } from './error-bars.ts';
import type { Matrix } from './matrix.ts';
import type { Palette } from './palette.ts';

/** What a search made of a group. */
export interface Decision {
  /** The share of the group that was removed; null where it was left whole. */
  readonly removed: number | null;
  /** The drop that was allowed each group; null where the search went by something else. */
  readonly tolerance: number | null;
}

/**
 * The drop of one group over the ratios, with one standard error up and down, and, of a finished search, the drop
 * that was allowed and the share that was removed.
 */
export function sensitivityOption(
  matrix: Matrix,
  group: string,
  palette: Palette,
  { removed, tolerance }: Decision,
): EChartsCoreOption {
  const { metric } = matrix;
  const row = matrix.groups.indexOf(group);
  const drop = matrix.drop[row] ?? [];
  const error = matrix.standardError[row] ?? [];
  const at = (column: number) => ({ ratio: matrix.grid[column] ?? 0, error: error[column] ?? 0 });
  return {
    animation: false,
    grid: GRID,
    tooltip: tooltip(palette, ({ value: [ratio, value], dataIndex }: LinePoint) => [
      group,
      `${percent(ratio, 0)} removed: ${changeText(metric, changeOf(metric, value))} (± ${amountText(metric, at(dataIndex).error)})`,
    ]),
    xAxis: { ...shareAxis(palette, 'share of the group removed'), ...WHOLE },
    yAxis: axis(
      palette,
      {
        name: metric.direction === 'HIGHER' ? `drop of ${metric.label}` : `rise of ${metric.label}`,
        format: (value) => amountText(metric, value, metric.unit === 'SHARE' ? 0 : 1),
      },
      true,
    ),
    series: [
      {
        name: 'drop',
        type: 'line',
        symbolSize: 7,
        color: palette.accent,
        data: drop.map((value, column) => [at(column).ratio, value]),
        markLine: markLine(palette, 'insideEndTop', [
          ...(tolerance === null
            ? []
            : [{ words: `allowed ${amountText(metric, tolerance)}`, yAxis: tolerance }]),
          ...(removed === null ? [] : [{ words: `removed ${percent(removed, 0)}`, xAxis: removed }]),
        ]),
      },
      errorBars(
        'one standard error',
        drop.map((value, column) => ({
          x: at(column).ratio,
          low: value - at(column).error,
          high: value + at(column).error,
        })),
        palette.accent,
      ),
    ],
  };
}

interface LinePoint {
  readonly value: [number, number];
  readonly dataIndex: number;
}

/** An epoch of fine-tuning. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly top1: number | null;
}

/** Top-1 on the search split over the epochs, and the training loss on an axis of its own. */
export function trainingOption(epochs: readonly Epoch[], palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    grid: { ...GRID, top: 36, right: 64 },
    legend: legend(palette, ['top-1', 'training loss']),
    tooltip: tooltip(palette, (item: { seriesName: string; value: [number, number] }) => [
      `epoch ${Number(item.value[0].toFixed(2))}`,
      item.seriesName === 'top-1' ? `top-1 ${percent(item.value[1])}` : `loss ${fixed(item.value[1])}`,
    ]),
    xAxis: axis(palette, { name: 'epoch', format: (value) => String(value), min: 0 }),
    yAxis: [
      shareAxis(palette, 'top-1', true),
      {
        ...axis(palette, { name: 'loss', format: (value) => fixed(value, 2) }, true),
        splitLine: { show: false },
      },
    ],
    series: [
      {
        name: 'top-1',
        type: 'line',
        color: palette.accent,
        data: epochs.filter(({ top1 }) => top1 !== null).map(({ epoch, top1 }) => [epoch, top1]),
      },
      {
        name: 'training loss',
        type: 'line',
        yAxisIndex: 1,
        color: palette.soft,
        lineStyle: { type: 'dashed' },
        data: epochs.map(({ epoch, loss }) => [epoch, loss]),
      },
    ],
  };
}
