import type { EChartsCoreOption } from 'echarts/core';
import { count, milliseconds, percent, points } from '#src/format/numbers.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { axis, GRID, legend, shareAxis, tooltip } from './axes.ts';
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
  readonly top1: number;
  readonly macs: number;
  readonly params: number;
  readonly latencyMs: number | null;
  /** Of a run on the device of the profile; null without one. */
  readonly predictedMs: number | null;
}

/** The unpruned network. */
export interface BasePoint {
  readonly top1: number;
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

/** The runs that none other beats: no cheaper one is as accurate. Equal ones stand together. In order of cost. */
export function paretoFront(runs: readonly RunPoint[], measure: CostMeasure): RunPoint[] {
  const sorted = runs
    .filter((run) => run[measure] !== null)
    .sort((a, b) => (a[measure] ?? 0) - (b[measure] ?? 0) || b.top1 - a.top1);
  const front: RunPoint[] = [];
  for (const run of sorted) {
    const best = front.at(-1);
    const isEqual = best && run.top1 === best.top1 && run[measure] === best[measure];
    if (!best || run.top1 > best.top1 || isEqual) front.push(run);
  }
  return front;
}

/**
 * Accuracy over cost: a colour each strategy, the front as a stepped line, dominated runs dimmed, the base a cross. A
 * rectangle can be drawn over it.
 */
export function scatterOption(
  runs: readonly RunPoint[],
  base: BasePoint | null,
  measure: CostMeasure,
  palette: Palette,
): EChartsCoreOption {
  const { allocations, series } = runSeries(runs, measure, (run) => [run[measure] ?? 0, run.top1], palette);
  const baseCost = base && !isTime(measure) ? base[measure] : null;
  return {
    animation: false,
    grid: { ...GRID, top: 36 },
    brush: rectangle(palette),
    legend: legend(palette, allocations),
    tooltip: tooltip(palette, (item: { name: string; value: [number, number] }) => [
      item.name,
      `top-1 ${percent(item.value[1])}${base ? ` (${points(item.value[1] - base.top1)})` : ''}`,
      `${COST_NAMES[measure]} ${costText(measure, item.value[0])}`,
    ]),
    xAxis: axis(palette, { name: COST_NAMES[measure], format: (value) => costText(measure, value) }),
    yAxis: shareAxis(palette, 'top-1', true),
    series: [
      ...series,
      ...(base && baseCost !== null ? [baseMark('unpruned network', [baseCost, base.top1], palette)] : []),
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
  measure: CostMeasure,
  placeOf: (run: RunPoint) => readonly [x: number, y: number],
  palette: Palette,
): { allocations: string[]; series: object[] } {
  const front = paretoFront(runs, measure);
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
