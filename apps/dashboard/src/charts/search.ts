import type { EChartsCoreOption } from 'echarts/core';
import { percent } from '#src/format/numbers.ts';
import { axis, GRID, markLine, shareAxis, tooltip, WHOLE } from './axes.ts';
import type { Palette } from './palette.ts';

/** A step of the search: what is removed at a threshold of damage. */
export interface SearchStep {
  /** In the measure of the allocation: for CIE the drop that is allowed. */
  readonly threshold: number;
  /** Share of the target's measure. */
  readonly saving: number;
  /** A bisection, or a unit given back after it. */
  readonly kind: string;
  /** Of a search in several rounds, from 1. */
  readonly round?: number;
}

/** The threshold that the structure was made at: the last that reached the target, or what units were given back at. */
export function foundThreshold(steps: readonly SearchStep[], target: number): number | null {
  const last = steps.at(-1);
  if (last?.kind === 'give-back') return last.threshold;
  return steps.findLast(({ saving }) => saving >= target)?.threshold ?? null;
}

/** The share removed at each step, closing in on what was asked for. */
export function searchOption(
  steps: readonly SearchStep[],
  target: number,
  palette: Palette,
): EChartsCoreOption {
  return {
    animation: false,
    grid: GRID,
    tooltip: tooltip(palette, ({ value: [step, saving] }: { value: [number, number] }) => [
      `step ${step}`,
      `${percent(saving)} removed`,
    ]),
    xAxis: { ...axis(palette, { name: 'step', format: String, min: 1 }), minInterval: 1 },
    yAxis: { ...shareAxis(palette, 'removed', true), ...WHOLE },
    series: [
      {
        type: 'line',
        color: palette.accent,
        symbolSize: 6,
        data: steps.map(({ saving }, index) => [index + 1, saving]),
        markLine: markLine(palette, 'insideEndTop', [
          { words: `asked ${percent(target, 0)}`, yAxis: target },
        ]),
      },
    ],
  };
}
