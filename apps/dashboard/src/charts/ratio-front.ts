// The runs that no other one beats in ratio and in drop, over all models, each against its own base.
import type { EChartsCoreOption } from 'echarts/core';
import { times } from '#src/format/numbers.ts';
import { changeOf, changeText, directionWords, type ShownMetric } from '#src/format/quality.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { axis, GRID, legend, tooltip } from './axes.ts';
import type { Palette } from './palette.ts';
import { baseMark } from './scatter.ts';

export interface FrontPoint {
  readonly id: string;
  readonly name: string;
  readonly model: { readonly id: string; readonly name: string };
  /** Base over pruned: 2 is twice as small, or twice as fast. */
  readonly ratio: number;
  /** How much worse than its base, by the metric of the front: of top-1 0.01 is one point lost. */
  readonly drop: number;
}

/** Of Okabe and Ito, as strategies have them; safe for colour-blind readers. */
const COLOURS = ['#0072b2', '#e69f00', '#2e9e4f', '#cc79a7', '#56b4e9', '#d55e00', '#8c6bb1', '#a6761d'];
const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect'] as const;

/** How a model is drawn on the chart and in the table beside it. */
export interface ModelMark {
  /** Two models may have one name. */
  readonly name: string;
  readonly colour: string;
  readonly symbol: (typeof SYMBOLS)[number];
}

/** A mark each model, by its id: a colour, and a form once the colours begin anew. */
export function modelMarks(run: readonly Pick<FrontPoint, 'model'>[]): Map<string, ModelMark> {
  const models = new Map(run.map(({ model }) => [model.id, model.name]));
  const sorted = [...models].sort(([a, left], [b, right]) => left.localeCompare(right) || a.localeCompare(b));
  const named = groupBy(sorted, ([, name]) => name);
  return new Map(
    sorted.map(([id, name], at) => {
      const equal = named.get(name) ?? [];
      const nth = equal.findIndex(([other]) => other === id) + 1;
      return [
        id,
        {
          name: equal.length > 1 ? `${name} (${nth})` : name,
          colour: COLOURS[at % COLOURS.length] ?? '#999999',
          symbol: SYMBOLS[Math.floor(at / COLOURS.length) % SYMBOLS.length] ?? 'circle',
        },
      ];
    }),
  );
}

/**
 * Change of the metric over the ratio: a series each model, the front as a stepped line through all of them, and a cross
 * where the unpruned networks are.
 */
export function ratioFrontOption(
  front: readonly FrontPoint[],
  ratioName: string,
  metric: ShownMetric,
  palette: Palette,
): EChartsCoreOption {
  const marks = modelMarks(front);
  const placeOf = ({ ratio, drop }: FrontPoint) => [ratio, changeOf(metric, drop)];
  const rising = front.toSorted((a, b) => a.ratio - b.ratio || a.drop - b.drop);
  return {
    animation: false,
    grid: { ...GRID, left: 72, top: 36 },
    legend: {
      ...legend(
        palette,
        [...marks.values()].map(({ name }) => name),
      ),
      type: 'scroll',
      itemWidth: 10,
      itemGap: 16,
      right: 8,
      pageTextStyle: { color: palette.soft },
      pageIconColor: palette.soft,
      pageIconInactiveColor: palette.line,
    },
    tooltip: tooltip(palette, (item: { name: string; seriesName: string; value: [number, number] }) => [
      item.name,
      ...(item.seriesName === 'base' ? [] : [item.seriesName]),
      `${ratioName} ${times(item.value[0], 1)}, ${metric.label} ${changeText(metric, item.value[1])}`,
    ]),
    xAxis: axis(palette, { name: `${ratioName}, base over pruned`, format: (value) => `${value}×` }),
    yAxis: {
      ...axis(
        palette,
        {
          name: `${metric.label} against its own base${metric.direction === 'LOWER' ? ` (${directionWords(metric)})` : ''}`,
          format: (value) => changeText(metric, value, 1),
        },
        true,
      ),
      nameGap: 58,
    },
    series: [
      {
        name: 'Pareto front',
        type: 'line',
        // Whoever wants more than a point's ratio takes the next one, with its loss.
        step: 'start',
        symbol: 'none',
        silent: true,
        color: palette.soft,
        lineStyle: { width: 1.5, type: 'dashed' },
        data: rising.map(placeOf),
      },
      ...[...marks].map(([modelId, { name, colour, symbol }]) => ({
        name,
        type: 'scatter',
        symbol,
        symbolSize: 11,
        color: colour,
        emphasis: { scale: 1.6, itemStyle: { borderColor: palette.ink, borderWidth: 2 } },
        data: front
          .filter(({ model }) => model.id === modelId)
          .map((point) => ({ id: point.id, name: point.name, value: placeOf(point) })),
      })),
      baseMark('unpruned networks', [1, 0], palette),
    ],
  };
}
