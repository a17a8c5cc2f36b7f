import { percent } from '#src/format/numbers.ts';
import type { SearchStep } from '#src/runs/result-fields.ts';
import { shareAxis, WHOLE } from './axes.ts';
import type { Plot } from './plot.ts';

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
export function searchPlot(steps: readonly Pick<SearchStep, 'saving'>[], target: number): Plot {
  return {
    x: { name: 'step', format: String, from: 1, whole: true },
    y: { ...shareAxis('removed'), ...WHOLE },
    series: [
      {
        ...{ name: 'removed', colour: 'var(--accent)', line: 'solid', size: 6 },
        points: steps.map(({ saving }, index) => ({
          ...{ x: index + 1, y: saving },
          words: [`step ${index + 1}`, `${percent(saving)} removed`],
        })),
      },
    ],
    marks: [{ words: `asked ${percent(target, 0)}`, y: target }],
  };
}
