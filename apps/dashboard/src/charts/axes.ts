import { UNKNOWN } from '#src/format/numbers.ts';
import type { Palette } from './palette.ts';

const FONT = '"Inter Variable", system-ui, sans-serif';

interface AxisOptions {
  readonly name: string;
  /** How a value is written at the axis. */
  readonly format: (value: number) => string;
  readonly min?: number | 'dataMin';
  readonly max?: number | 'dataMax';
}

/** A value axis as all charts have it: hairlines, the name along it, no ticks. */
export function axis(palette: Palette, { name, format, min, max }: AxisOptions, vertical = false): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: vertical ? 52 : 28,
    nameTextStyle: { color: palette.soft, fontFamily: FONT, fontSize: 12 },
    scale: true,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    axisLabel: { color: palette.soft, fontFamily: FONT, fontSize: 12, formatter: format },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.line } },
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
