import { count, milliseconds } from '#src/format/numbers.ts';
import { changeText, type ShownMetric, valueText } from '#src/format/quality.ts';
import { criterionIn, criterionShape } from '#src/format/shapes.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { valueAxis } from './axes.ts';
import type { Plot, Point, Series } from './plot.ts';

/** A finished run as a point. */
export interface RunPoint {
  readonly id: string;
  readonly name: string;
  readonly allocation: string;
  /** In words, and what tells it from others. */
  readonly strategy: string;
  readonly strategyKey: string;
  readonly networkHash: string | null;
  readonly metric: string;
  /** Asked to go. */
  readonly share: number;
  /** By the metric of the chart. */
  readonly value: number;
  readonly macs: number;
  readonly params: number;
  readonly latencyMs: number | null;
  /** Of a run on the device of the profile; null without one. */
  readonly predictedMs: number | null;
}

/** The unpruned network. */
export interface BasePoint {
  readonly value: number;
  readonly macs: number;
  readonly params: number;
}

export const COST_NAMES = {
  macs: 'MACs',
  params: 'params',
  latencyMs: 'latency (p50, one image)',
  predictedMs: 'time on the device, predicted',
} as const;
export type CostMeasure = keyof typeof COST_NAMES;

function isTime(measure: CostMeasure): measure is 'latencyMs' | 'predictedMs' {
  return measure === 'latencyMs' || measure === 'predictedMs';
}

function costText(measure: CostMeasure, value: number): string {
  return isTime(measure) ? milliseconds(value) : count(value);
}

/** The runs that none other beats: no cheaper one is as good. Equal ones stand together. In order of cost. */
export function paretoFront<Run extends Pick<RunPoint, 'value'>>(
  runs: readonly Run[],
  costOf: (run: Run) => number | null,
  { direction }: Pick<ShownMetric, 'direction'>,
): Run[] {
  const lead = (a: number, b: number) => (direction === 'HIGHER' ? a - b : b - a);
  const sorted = runs
    .flatMap((run) => {
      const cost = costOf(run);
      return cost === null ? [] : [{ run, cost }];
    })
    .sort((a, b) => a.cost - b.cost || lead(b.run.value, a.run.value));
  const front: (typeof sorted)[number][] = [];
  for (const each of sorted) {
    const best = front.at(-1);
    const isEqual = best && each.run.value === best.run.value && each.cost === best.cost;
    if (!best || lead(each.run.value, best.run.value) > 0 || isEqual) front.push(each);
  }
  return front.map(({ run }) => run);
}

/**
 * What runs are worth by a metric over what they cost: a colour each allocation and a form each criterion, the front as
 * a stepped line, dominated runs dimmed, the base a cross.
 */
export function scatterPlot(
  runs: readonly RunPoint[],
  base: BasePoint | null,
  measure: CostMeasure,
  metric: ShownMetric,
): Plot {
  const baseCost = base && !isTime(measure) ? base[measure] : null;
  const wordsOf = (name: string, x: number, value: number) => [
    name,
    `${metric.label} ${valueText(metric, value)}${base ? ` (${changeText(metric, value - base.value)})` : ''}`,
    `${COST_NAMES[measure]} ${costText(measure, x)}`,
  ];
  const pointOf = (run: RunPoint) => {
    const x = run[measure] ?? 0;
    return { x, y: run.value, words: wordsOf(run.name, x, run.value) };
  };
  return {
    x: { name: COST_NAMES[measure], format: (value) => costText(measure, value), least: 0 },
    y: valueAxis(metric),
    series: [
      ...runSeries(runs, { costOf: (run) => run[measure], metric, pointOf }),
      ...(base && baseCost !== null
        ? [
            baseCross({
              x: baseCost,
              y: base.value,
              words: wordsOf('unpruned network', baseCost, base.value),
            }),
          ]
        : []),
    ],
  };
}

const CROSS = 'M4 0H6V4H10V6H6V10H4V6H0V4H4z';

/** Where runs came from, as a cross. */
export function baseCross(point: Point): Series {
  return { name: 'base', colour: 'var(--ink)', size: 14, points: [{ ...point, shape: CROSS }] };
}

/** A line along the front, behind the runs. */
export function frontLine(points: readonly Point[], step: 'start' | 'end'): Series {
  return {
    ...{ name: 'Pareto front', colour: 'var(--ink-soft)', size: 0 },
    ...{ line: 'dashed', width: 1.5, step },
    points: points.map(({ x, y }) => ({ x, y })),
  };
}

type PlacedRun = Pick<RunPoint, 'id' | 'allocation' | 'strategy' | 'value'>;

/**
 * A series each allocation, with those of its runs that have a place, and the front as a stepped line behind them.
 *
 * @param costOf null for a run without a place
 * @param step of the line along the front, from the cheapest run on
 */
export function runSeries<Run extends PlacedRun>(
  runs: readonly Run[],
  {
    costOf,
    metric,
    pointOf,
    step = 'end',
  }: {
    readonly costOf: (run: Run) => number | null;
    readonly metric: Pick<ShownMetric, 'direction'>;
    readonly pointOf: (run: Run) => Pick<Point, 'x' | 'y' | 'words'>;
    readonly step?: 'start' | 'end';
  },
): Series[] {
  const front = paretoFront(runs, costOf, metric);
  const onFront = new Set(front);
  const dots = [...groupBy(runs, ({ allocation }) => allocation)].map(
    ([allocation, own]): Series => ({
      ...{ name: allocation, colour: strategyColour(allocation), size: 10, listed: true },
      points: own
        .filter((run) => costOf(run) !== null)
        .map((run) => ({
          ...pointOf(run),
          id: run.id,
          shape: criterionShape(criterionIn(run.strategy)),
          faint: !onFront.has(run),
        })),
    }),
  );
  return [frontLine(front.map(pointOf), step), ...dots];
}
