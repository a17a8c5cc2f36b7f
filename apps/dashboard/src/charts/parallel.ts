import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette.ts';

export interface Dimension {
  readonly name: string;
  readonly values: readonly (number | string | null)[];
  readonly format?: (value: number) => string;
}

/**
 * One line a run across the dimensions. Text dimensions are categories; a run that lacks a value ends there.
 * Brushing an axis dims what it leaves out.
 */
export function parallelOption(
  dimensions: readonly Dimension[],
  colours: readonly string[],
  palette: Palette,
): EChartsCoreOption {
  const runs = colours.length;
  const faint = runs > 500 ? 0.15 : runs > 50 ? 0.4 : 0.8;
  return {
    animation: false,
    parallel: { left: 56, right: 72, top: 44, bottom: 16, parallelAxisDefault: { realtime: runs <= 1000 } },
    parallelAxis: dimensions.map(({ name, values, format }, dim) => ({
      dim,
      name,
      ...(isText(values) ? { type: 'category', data: categories(values) } : { type: 'value', scale: true }),
      nameTextStyle: { color: palette.ink, fontSize: 12 },
      axisLine: { lineStyle: { color: palette.soft } },
      axisLabel: { color: palette.soft, fontSize: 12, ...(format ? { formatter: format } : {}) },
    })),
    series: [
      {
        type: 'parallel',
        progressive: 500,
        inactiveOpacity: 0.02,
        activeOpacity: faint,
        data: colours.map((color, run) => ({
          value: dimensions.map(({ values }) => values[run] ?? '-'),
          lineStyle: { color, opacity: faint, width: 1.5 },
        })),
      },
    ],
  };
}

function isText(values: Dimension['values']): boolean {
  return values.some((value) => typeof value === 'string');
}

function categories(values: Dimension['values']): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))].sort();
}
