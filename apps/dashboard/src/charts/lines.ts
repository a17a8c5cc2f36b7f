import type { EChartsCoreOption } from 'echarts/core';
import { fixed, percent, points } from '#src/format/numbers.ts';
import { axis, GRID, legend, tooltip } from './axes.ts';
import type { Matrix } from './matrix.ts';
import type { Palette } from './palette.ts';

/** The drop of one group over the ratios, with one standard error up and down. */
export function sensitivityOption(matrix: Matrix, group: string, palette: Palette): EChartsCoreOption {
  const row = matrix.groups.indexOf(group);
  const drop = matrix.drop[row] ?? [];
  const error = matrix.standardError[row] ?? [];
  const line = (name: string, values: readonly number[], style: object) => ({
    name,
    type: 'line',
    symbolSize: 6,
    ...style,
    data: values.map((value, index) => [matrix.grid[index], value]),
  });
  const faint = {
    symbol: 'none',
    silent: true,
    color: palette.soft,
    lineStyle: { width: 1, type: 'dotted' },
  };
  return {
    animation: false,
    grid: GRID,
    tooltip: tooltip(palette, ({ value: [ratio, value] }: { value: [number, number] }) => [
      group,
      `${percent(ratio, 0)} removed: ${points(-value)}`,
    ]),
    xAxis: axis(palette, {
      name: 'share of the group removed',
      format: (value) => percent(value, 0),
      min: 0,
      max: 1,
    }),
    yAxis: axis(
      palette,
      { name: 'drop of top-1', format: (value) => points(value, 0).replace('+', '') },
      true,
    ),
    series: [
      line('drop', drop, { color: palette.accent }),
      line(
        'one standard error above',
        drop.map((value, index) => value + (error[index] ?? 0)),
        faint,
      ),
      line(
        'one standard error below',
        drop.map((value, index) => value - (error[index] ?? 0)),
        faint,
      ),
    ],
  };
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
      axis(palette, { name: 'top-1', format: (value) => percent(value, 0) }, true),
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
