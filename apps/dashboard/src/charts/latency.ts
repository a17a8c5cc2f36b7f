import type { EChartsCoreOption } from 'echarts/core';
import { milliseconds, percent, times } from '#src/format/numbers.ts';
import { axis, GRID, markLine, shareAxis, tooltip, WHOLE } from './axes.ts';
import type { Palette } from './palette.ts';

const atAxis = (ms: number) => (ms === 0 ? '0' : milliseconds(ms));

/** A network with the same share of every group. */
export interface Stair {
  readonly share: number;
  readonly milliseconds: number;
}

/** The time of a run over the width of the network: stairs where the engine computes channels in blocks. */
export function stairsOption(stairs: readonly Stair[], baseMs: number, palette: Palette): EChartsCoreOption {
  // The time as given is in sight, too.
  const most = 1.08 * Math.max(baseMs, ...stairs.map(({ milliseconds: ms }) => ms));
  return {
    animation: false,
    grid: GRID,
    tooltip: tooltip(palette, ({ value: [share, ms] }: { value: [number, number] }) => [
      `${percent(share, 0)} of the channels of every group`,
      `${milliseconds(ms)}, ${times(baseMs, ms)} as fast`,
    ]),
    xAxis: { ...shareAxis(palette, 'channels kept of every group'), ...WHOLE },
    yAxis: { ...axis(palette, { name: 'a run', format: atAxis, min: 0 }, true), max: most },
    series: [
      {
        name: 'predicted',
        type: 'line',
        step: 'start',
        symbolSize: 4,
        color: palette.accent,
        data: stairs.map(({ share, milliseconds: ms }) => [share, ms]),
        markLine: markLine(palette, 'insideStartTop', [
          { words: `as given ${milliseconds(baseMs)}`, yAxis: baseMs },
        ]),
      },
    ],
  };
}

/** A structure that had no part in a profile. */
export interface HeldOut {
  readonly predictedMs: number;
  readonly measuredMs: number;
}

/** Shown beside the diagonal: what is aimed at. */
const BAND = 0.05;

/** Predicted over measured: on the diagonal where a profile is right. */
export function heldOutOption(heldOut: readonly HeldOut[], palette: Palette): EChartsCoreOption {
  const most =
    1.08 * Math.max(0, ...heldOut.flatMap(({ predictedMs, measuredMs }) => [predictedMs, measuredMs]));
  const ray = (name: string, slope: number, type: 'solid' | 'dashed') => ({
    ...{ name, type: 'line', symbol: 'none', silent: true, color: palette.soft },
    lineStyle: { width: 1, type },
    // It ends at the frame.
    data: [
      [0, 0],
      [Math.min(most, most / slope), Math.min(most, most * slope)],
    ],
  });
  return {
    animation: false,
    grid: GRID,
    tooltip: tooltip(palette, ({ value: [measured, predicted] }: { value: [number, number] }) => [
      `measured ${milliseconds(measured)}, predicted ${milliseconds(predicted)}`,
      `${percent(Math.abs(predicted / measured - 1), 1)} off`,
    ]),
    xAxis: { ...axis(palette, { name: 'measured', format: atAxis, min: 0 }), max: most },
    yAxis: { ...axis(palette, { name: 'predicted', format: atAxis, min: 0 }, true), max: most },
    series: [
      ray('right', 1, 'solid'),
      ray('5 % slower', 1 + BAND, 'dashed'),
      ray('5 % faster', 1 - BAND, 'dashed'),
      {
        name: 'structures',
        type: 'scatter',
        symbolSize: 10,
        color: palette.accent,
        data: heldOut.map(({ predictedMs, measuredMs }) => [measuredMs, predictedMs]),
      },
    ],
  };
}
