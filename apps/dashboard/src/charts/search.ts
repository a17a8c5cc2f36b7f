import type { EChartsCoreOption } from 'echarts/core';
import { percent } from '#src/format/numbers.ts';
import type { SearchStep } from '#src/runs/result-fields.ts';
import { axis, GRID, markLine, shareAxis, tooltip, WHOLE } from './axes.ts';
import type { Palette } from './palette.ts';

/** The threshold that the structure was made at: the last that reached the target, or what units were given back at. */
export function foundThreshold(
  steps: readonly Pick<SearchStep, 'kind' | 'saving' | 'threshold'>[],
  target: number,
): number | null {
  const last = steps.at(-1);
  if (last?.kind === 'GIVE_BACK') return last.threshold;
  return steps.findLast(({ saving }) => saving >= target)?.threshold ?? null;
}

/** The share removed at each step, closing in on what was asked for. */
export function searchOption(
  steps: readonly Pick<SearchStep, 'saving'>[],
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
