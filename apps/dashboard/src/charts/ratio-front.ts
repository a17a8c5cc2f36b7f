// The runs that no other one beats in ratio and in drop, over all models, each against its own base.
import { times } from '#src/format/numbers.ts';
import { changeOf, changeText, type ShownMetric } from '#src/format/quality.ts';
import { SHAPES } from '#src/format/shapes.ts';
import { groupBy } from '#src/lists/group-by.ts';
import { changeAxis } from './axes.ts';
import type { Plot, Series } from './plot.ts';
import { baseCross, frontLine } from './scatter.ts';

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
const FORMS = [SHAPES.circle, SHAPES.diamond, SHAPES.triangle, SHAPES.square] as const;

/** How a model is drawn on the chart and in the table beside it. */
export interface ModelMark {
  /** Two models may have one name. */
  readonly name: string;
  readonly colour: string;
  /** A path in a box of ten by ten. */
  readonly shape: string;
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
          shape: FORMS[Math.floor(at / COLOURS.length) % FORMS.length] ?? SHAPES.circle,
        },
      ];
    }),
  );
}

/**
 * Change of the metric over the ratio: a series each model, the front as a stepped line through all of them, and a cross
 * where the unpruned networks are.
 */
export function ratioFrontPlot(front: readonly FrontPoint[], ratioName: string, metric: ShownMetric): Plot {
  const rising = front.toSorted((a, b) => a.ratio - b.ratio || a.drop - b.drop);
  const placeOf = ({ ratio, drop }: FrontPoint) => ({ x: ratio, y: changeOf(metric, drop) ?? 0 });
  const told = (x: number, y: number) =>
    `${ratioName} ${times(x, 1)}, ${metric.label} ${changeText(metric, y)}`;
  return {
    x: { name: `${ratioName}, base over pruned`, format: (value) => `${value}×` },
    y: changeAxis(metric),
    series: [
      // Whoever wants more than a point's ratio takes the next one, with its loss.
      frontLine(rising.map(placeOf), 'start'),
      ...[...modelMarks(front)].map(
        ([modelId, { name, colour, shape }]): Series => ({
          ...{ name, colour, size: 11, listed: true },
          points: front
            .filter(({ model }) => model.id === modelId)
            .map((point) => {
              const place = placeOf(point);
              return { ...place, id: point.id, shape, words: [point.name, name, told(place.x, place.y)] };
            }),
        }),
      ),
      baseCross({ x: 1, y: 0, words: ['unpruned networks', told(1, 0)] }),
    ],
  };
}
