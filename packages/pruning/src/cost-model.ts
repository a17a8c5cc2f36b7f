import { type Cursor, type DeviceProfile, latencyModel } from '@espalier/latency';
import {
  type ChannelMap,
  type Cost,
  type CostMetric,
  type Costs,
  FIXED,
  inferShapes,
  type Labels,
  type Network,
  parametersOf,
  type Shape,
  sizeOf,
  weightUse,
} from '@espalier/network';
import { costOf } from './allocation/target.ts';
import { type AxisLength, costPolynomial, type Term } from './cost-polynomial.ts';
import type { Ranking } from './criteria/index.ts';

/** Structure -> cost by formula, without cutting anything. */
export interface CostModel {
  readonly base: Costs;
  /** Cost when the g-th ranked group keeps its `widths[g]` most important units. */
  cost(widths: ArrayLike<number>): Costs;
  /**
   * The same, to the last bit, around one structure: what a group does not reach is counted once. Left out, with
   * `touches`, where nothing is known of parts.
   */
  from?(widths: ArrayLike<number>, metric: CostMetric): Cursor;
  /** Whether something depends on both groups; where nothing does, what they save adds up. */
  touches?(group: number, other: number): boolean;
}

/** What a metric says of structures. */
export interface Prices {
  /** Of one, units kept by group. */
  of(widths: readonly number[]): number;
  /** Of those around one: the same, to the last bit. */
  from(widths: readonly number[]): Cursor;
}

export function pricesOf(model: Pick<CostModel, 'cost' | 'from'>, metric: CostMetric): Prices {
  return {
    of: (widths) => costOf(model.cost(widths), metric),
    from: (widths) => cursorOf(model, widths, metric),
  };
}

function cursorOf(
  model: Pick<CostModel, 'cost' | 'from'>,
  widths: readonly number[],
  metric: CostMetric,
): Cursor {
  if (model.from) return model.from(widths, metric);
  let at = widths;
  return {
    along: (group) => (width) => costOf(model.cost(at.with(group, width)), metric),
    move(group, width) {
      at = at.with(group, width);
    },
  };
}

/** Of a device profile what tells the time of structures. */
export type DeviceTimes = Pick<DeviceProfile, 'overheadMs' | 'kinds' | 'network'>;

/**
 * The cost is a polynomial in axis lengths: every tensor contributes the product of the lengths of its
 * axes, and an axis is as long as its fixed indices and, for each group that reaches it, a table entry:
 * how many of its indices stay at which width. (A table, since only some units of a group may reach an
 * axis: after a channel split, which ones stay decides how long it is.) Latency is the sum of what a device profile
 * says of each layer.
 *
 * @param profile left out: nothing is known of latency
 * @throws {InputError} where the network has a layer of a kind that the profile does not know
 */
export function costModel(
  network: Network,
  map: ChannelMap,
  rankings: readonly Ranking[],
  profile?: DeviceTimes,
): CostModel {
  const timed = profile && latencyModel(profile, network, map);
  const builder = new PolynomialBuilder(map, rankings);
  const shapes = inferShapes(network, 1);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const seen = new Set<string>();
  for (const node of network.nodes) {
    for (const tensor of parametersOf(network, node)) {
      if (!seen.has(tensor)) builder.add(tensor, shapeOf(tensor), { params: 1, macs: 0 });
      seen.add(tensor);
    }
    const use = weightUse(network, node, shapeOf);
    if (use) builder.add(use.tensor, shapeOf(use.tensor), { params: 0, macs: use.positions });
  }
  const formula = costPolynomial(builder.lengths, builder.terms, rankings.length);
  const cost = (widths: ArrayLike<number>): Costs => {
    const { params, macs } = formula.at(widths);
    return timed ? { params, macs, latency: timed.latency(widths) } : { params, macs };
  };
  return {
    base: cost(rankings.map(({ group }) => group.width)),
    cost,
    from(widths, metric) {
      if (metric !== 'latency') return formula.from(widths, metric);
      if (!timed) throw new Error('there is no profile to predict the time');
      return timed.from(widths);
    },
    touches: (group, other) => formula.touches(group, other) || (timed?.touches(group, other) ?? false),
  };
}

class PolynomialBuilder {
  readonly lengths: AxisLength[] = [];
  readonly terms: Term[] = [];
  private readonly axisByUnits = new Map<string, number>();
  private readonly termByAxes = new Map<string, Term>();
  private readonly map: ChannelMap;
  /** By unit: the ranked group it belongs to and its place in the ranking. */
  private readonly places = new Map<number, { group: number; place: number }>();
  private readonly rankings: readonly Ranking[];

  constructor(map: ChannelMap, rankings: readonly Ranking[]) {
    this.map = map;
    this.rankings = rankings;
    rankings.forEach(({ group, order }, g) => {
      order.forEach((unit, place) => {
        this.places.set(group.firstUnit + unit, { group: g, place });
      });
    });
  }

  add(tensor: string, shape: Shape, { params, macs }: Cost): void {
    const units = this.map.axes.get(tensor);
    const cut = shape.map((_, axis) => units?.[axis] ?? null);
    const constant = sizeOf(shape.filter((_, axis) => !cut[axis]));
    const axes = cut.flatMap((labels) => (labels ? [this.axis(labels)] : [])).sort((a, b) => a - b);
    const key = axes.join(',');
    let term = this.termByAxes.get(key);
    if (!term) {
      term = { axes, params: 0, macs: 0 };
      this.termByAxes.set(key, term);
      this.terms.push(term);
    }
    term.params += params * constant;
    term.macs += macs * constant;
  }

  private axis(labels: Labels): number {
    const key = labels.join(',');
    const known = this.axisByUnits.get(key);
    if (known !== undefined) return known;
    const parts = new Map<number, Int32Array>();
    let fixed = 0;
    for (const unit of labels) {
      const at = unit === FIXED ? undefined : this.places.get(unit);
      if (!at) {
        fixed++;
        continue;
      }
      const stays = parts.get(at.group) ?? new Int32Array((this.rankings[at.group]?.group.width ?? 0) + 1);
      parts.set(at.group, stays);
      for (let width = at.place + 1; width < stays.length; width++) stays[width] = (stays[width] ?? 0) + 1;
    }
    this.lengths.push({ fixed, parts: [...parts].map(([group, stays]) => ({ group, stays })) });
    this.axisByUnits.set(key, this.lengths.length - 1);
    return this.lengths.length - 1;
  }
}
