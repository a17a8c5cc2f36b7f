import type { EChartsCoreOption } from 'echarts/core';
import { count, milliseconds } from '#src/format/numbers.ts';
import { changeText, type ShownMetric, valueText } from '#src/format/quality.ts';
import { criterionIn, criterionShape } from '#src/format/shapes.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { axis, GRID, legend, tooltip, valueAxis } from './axes.ts';
import type { Palette } from './palette.ts';

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
export function paretoFront(
  runs: readonly RunPoint[],
  measure: CostMeasure,
  { direction }: Pick<ShownMetric, 'direction'>,
): RunPoint[] {
  const lead = (a: number, b: number) => (direction === 'HIGHER' ? a - b : b - a);
  const sorted = runs
    .filter((run) => run[measure] !== null)
    .sort((a, b) => (a[measure] ?? 0) - (b[measure] ?? 0) || lead(b.value, a.value));
  const front: RunPoint[] = [];
  for (const run of sorted) {
    const best = front.at(-1);
    const isEqual = best && run.value === best.value && run[measure] === best[measure];
    if (!best || lead(run.value, best.value) > 0 || isEqual) front.push(run);
  }
  return front;
}

/**
 * What runs are worth by a metric over what they cost: a colour each allocation and a form each criterion, the front as a stepped line, dominated runs dimmed, the base a cross. A
 * rectangle can be drawn over it.
 */
export function scatterOption(
  runs: readonly RunPoint[],
  base: BasePoint | null,
  measure: CostMeasure,
  metric: ShownMetric,
  palette: Palette,
): EChartsCoreOption {
  const placeOf = (run: RunPoint) => [run[measure] ?? 0, run.value] as const;
  const { allocations, series } = runSeries(runs, { measure, metric, placeOf }, palette);
  const baseCost = base && !isTime(measure) ? base[measure] : null;
  return {
    animation: false,
    grid: { ...GRID, top: 36 },
    brush: rectangle(palette),
    legend: legend(palette, allocations),
    tooltip: tooltip(palette, (item: { name: string; value: [number, number] }) => [
      item.name,
      `${metric.label} ${valueText(metric, item.value[1])}${base ? ` (${changeText(metric, item.value[1] - base.value)})` : ''}`,
      `${COST_NAMES[measure]} ${costText(measure, item.value[0])}`,
    ]),
    xAxis: axis(palette, { name: COST_NAMES[measure], format: (value) => costText(measure, value) }),
    yAxis: valueAxis(palette, metric),
    series: [
      ...series,
      ...(base && baseCost !== null ? [baseMark('unpruned network', [baseCost, base.value], palette)] : []),
    ],
  };
}

/** Where runs came from, as a cross. */
export function baseMark(name: string, value: readonly [x: number, y: number], palette: Palette): object {
  return {
    name: 'base',
    type: 'scatter',
    symbol: 'path://M-1 -8h2v7h7v2h-7v7h-2v-7h-7v-2h7z',
    symbolSize: 14,
    color: palette.ink,
    data: [{ name, value }],
  };
}

/** A series each allocation, with those of its runs that have a place, and the front as a stepped line behind them. */
export function runSeries(
  runs: readonly RunPoint[],
  {
    measure,
    metric,
    placeOf,
  }: {
    readonly measure: CostMeasure;
    readonly metric: ShownMetric;
    readonly placeOf: (run: RunPoint) => readonly [x: number, y: number];
  },
  palette: Palette,
): { allocations: string[]; series: object[] } {
  const front = paretoFront(runs, measure, metric);
  const onFront = new Set(front);
  const byAllocation = groupBy(runs, ({ allocation }) => allocation);
  const dots = [...byAllocation].map(([allocation, own]) => ({
    name: allocation,
    type: 'scatter',
    symbolSize: 10,
    color: strategyColour(allocation),
    emphasis: { scale: 1.6, itemStyle: { opacity: 1, borderColor: palette.ink, borderWidth: 2 } },
    data: own
      .filter((run) => run[measure] !== null)
      .map((run) => ({
        ...{ id: run.id, name: run.name, value: placeOf(run) },
        symbol: `path://${criterionShape(criterionIn(run.strategy))}`,
        itemStyle: { opacity: onFront.has(run) ? 1 : 0.4 },
      })),
  }));
  const line = {
    name: 'Pareto front',
    type: 'line',
    step: 'end',
    symbol: 'none',
    silent: true,
    color: palette.soft,
    lineStyle: { width: 1.5, type: 'dashed' },
    data: front.map(placeOf),
  };
  return { allocations: [...byAllocation.keys()], series: [...dots, line] };
}

/** One rectangle at a time; what lies outside of it stays as it is: the table tells what is kept. */
export function rectangle(palette: Palette): object {
  return {
    toolbox: [],
    xAxisIndex: 0,
    brushMode: 'single',
    transformable: false,
    throttleType: 'debounce',
    throttleDelay: 100,
    brushStyle: { color: 'transparent', borderColor: palette.accent, borderWidth: 1 },
    outOfBrush: {},
  };
}
