// Runs of any experiments and models in one chart: what each lost against its own base over what it saved of it.
import { percent } from '#src/format/numbers.ts';
import { changeText, type ShownMetric } from '#src/format/quality.ts';
import { changeAxis, shareAxis } from './axes.ts';
import type { Plot } from './plot.ts';
import { type RunPoint, runSeries } from './scatter.ts';

/** A run with a value and a saving. */
export interface SavedRun extends Pick<RunPoint, 'id' | 'name' | 'allocation' | 'strategy'> {
  /** Value minus that of its base, by the metric of all. */
  readonly change: number;
  /** Of its base. */
  readonly saved: number;
}

/** @param what was saved, such as "MACs removed" */
export function comparedPlot(runs: readonly SavedRun[], what: string, metric: ShownMetric): Plot {
  return {
    x: shareAxis(what),
    y: changeAxis(metric),
    series: runSeries(
      runs.map((run) => ({ ...run, value: run.change })),
      {
        costOf: ({ saved }) => 1 - saved,
        metric,
        // The cheapest run saves most: the line begins on the right.
        pointOf: ({ name, saved, change }) => ({
          ...{ x: saved, y: change },
          words: [name, `${metric.label} ${changeText(metric, change)}, ${what} ${percent(saved, 1)}`],
        }),
      },
    ),
  };
}
