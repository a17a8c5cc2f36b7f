import { percent, plural } from '#src/format/numbers.ts';
import { type ShownMetric, valueText } from '#src/format/quality.ts';
import { type CostMetric, metricName, strategyColour } from '#src/format/strategies.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { shareAxis, valueAxis, WHOLE } from './axes.ts';
import { dashOf, type Plot, type Series } from './plot.ts';
import type { RunPoint } from './scatter.ts';

/** What a strategy reached at one target, over its seeds; the same network once more is no further result. */
interface OperatingPoint {
  /** Asked to go. */
  readonly share: number;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly runs: number;
}

export interface OperatingCurve {
  readonly allocation: string;
  /** In words. */
  readonly strategy: string;
  /** By share. */
  readonly points: readonly OperatingPoint[];
}

/** One curve a strategy: the values over the share that was to go, mean and spread of the seeds. */
export function operatingCurves(runs: readonly RunPoint[], metric: CostMetric): OperatingCurve[] {
  const ofMetric = runs.filter((run) => run.metric === metric);
  const strategies = groupBy(ofMetric, ({ strategyKey }) => strategyKey);
  return [...strategies.values()].map((ofStrategy) => {
    const { allocation = '', strategy = '' } = ofStrategy[0] ?? {};
    const points = [...groupBy(ofStrategy, ({ share }) => share)].map(([share, equal]) =>
      pointOf(share, equal),
    );
    return { allocation, strategy, points: points.sort((a, b) => a.share - b.share) };
  });
}

function pointOf(share: number, runs: readonly RunPoint[]): OperatingPoint {
  const different = [...groupBy(runs, ({ networkHash, id }) => networkHash ?? id).values()];
  const values = different.flatMap(([first]) => first?.value ?? []);
  return {
    share,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
    runs: values.length,
  };
}

/** Lines through the means, bars from the worst to the best seed; strategies of one allocation differ in their dashes. */
export function curvesPlot(
  curves: readonly OperatingCurve[],
  { base, metric: judgedBy }: { readonly base: number | null; readonly metric: ShownMetric },
  metric: CostMetric,
): Plot {
  const variants = [...new Set(curves.map(variantOf))];
  return {
    x: { ...shareAxis(`${metricName(metric)} to remove`), ...WHOLE },
    y: valueAxis(judgedBy),
    series: curves.map(
      (curve): Series => ({
        ...{ name: curve.strategy, colour: strategyColour(curve.allocation), size: 8, listed: true },
        line: dashOf(variants.indexOf(variantOf(curve))),
        points: curve.points.map((point) => ({
          ...{ x: point.share, y: point.mean },
          words: [
            curve.strategy,
            `${percent(point.share, 0)} asked: ${judgedBy.label} ${valueText(judgedBy, point.mean)}`,
            spreadWords(point, judgedBy),
          ],
        })),
        bars: curve.points
          .filter(({ lowest, highest }) => highest > lowest)
          .map(({ share, lowest, highest }) => ({ x: share, low: lowest, high: highest })),
      }),
    ),
    marks: base === null ? [] : [{ words: `unpruned ${valueText(judgedBy, base)}`, y: base }],
  };
}

/** What is behind the allocation, which has the colour. */
function variantOf({ strategy }: OperatingCurve): string {
  return strategy.slice(strategy.indexOf(' · '));
}

function spreadWords({ runs, lowest, highest }: OperatingPoint, metric: ShownMetric): string {
  if (runs === 1) return 'one seed';
  return `${plural(runs, 'run')}, ${valueText(metric, lowest)} to ${valueText(metric, highest)}`;
}
