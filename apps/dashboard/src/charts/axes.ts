import { percent, UNKNOWN } from '#src/format/numbers.ts';
import { directionWords, type ShownMetric, valueText } from '#src/format/quality.ts';
import type { Palette } from './palette.ts';

const FONT = '"Inter Variable", system-ui, sans-serif';

interface AxisOptions {
  readonly name: string;
  /** How a value is written at the axis. */
  readonly format: (value: number) => string;
  readonly min?: number;
}

/** A value axis as all charts have it: hairlines, the name along it, no ticks. */
export function axis(palette: Palette, { name, format, min }: AxisOptions, vertical = false): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: vertical ? 52 : 28,
    nameTextStyle: { color: palette.soft, fontFamily: FONT, fontSize: 12 },
    scale: true,
    ...(min === undefined ? {} : { min }),
    axisLabel: { color: palette.soft, fontFamily: FONT, fontSize: 12, formatter: format },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** A value axis of shares, in whole per cents. */
export function shareAxis(palette: Palette, name: string, vertical = false): object {
  return axis(palette, { name, format: (value) => percent(value, 0) }, vertical);
}

/** Of values of a metric, upwards; of what is better where it is lower it says so. */
export function valueAxis(palette: Palette, metric: ShownMetric): object {
  const name = metric.direction === 'LOWER' ? `${metric.label} (${directionWords(metric)})` : metric.label;
  const decimals = metric.unit === 'SHARE' ? 0 : 1;
  return axis(palette, { name, format: (value) => valueText(metric, value, decimals) }, true);
}

/** From nothing to all of it. */
export const WHOLE = { min: 0, max: 1 } as const;

/** A value that a dashed line is drawn at, and what is written there. */
interface Mark {
  readonly words: string;
  readonly xAxis?: number;
  readonly yAxis?: number;
}

export function markLine(palette: Palette, position: string, marks: readonly Mark[]): object {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: palette.soft, type: 'dashed' },
    label: { color: palette.soft, position },
    data: marks.map(({ words, ...where }) => ({ ...where, label: { formatter: words } })),
  };
}

/** A box beside the pointer. */
export function tooltip(palette: Palette, lines: (item: never) => readonly string[]): object {
  return {
    trigger: 'item',
    backgroundColor: palette.raised,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontFamily: FONT, fontSize: 12 },
    formatter: (item: unknown) =>
      lines(item as never)
        .map(asText)
        .join('<br>') || UNKNOWN,
  };
}

export const GRID = { left: 64, right: 16, top: 16, bottom: 44 } as const;

export function legend(palette: Palette, names: readonly string[]): object {
  return {
    data: [...names],
    top: 0,
    left: 56,
    itemHeight: 8,
    textStyle: { color: palette.soft, fontFamily: FONT, fontSize: 12 },
  };
}

/** Names come from people; tooltips are HTML. */
function asText(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
