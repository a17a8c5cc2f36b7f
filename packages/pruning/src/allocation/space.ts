import type { Cursor } from '@espalier/latency';
import { COST_FACTS } from '@espalier/network';
import { type Prices, pricesOf } from '../cost-model.ts';
import { countWhile } from './count-while.ts';
import { sampledWidths } from './damage.ts';
import { type AllocationProblem, cheapestWidths, reaches, saving } from './problem.ts';
import { costOf } from './target.ts';

/** Far above what rounding does to a sum of costs, as a share, and far below a unit. */
const ROUNDED = 1e-9;

/** A width of a group, and what it damages. */
export interface Option {
  readonly width: number;
  readonly damage: number;
}

/** What no target changes. */
export interface Ground {
  /** By group, the widths that something is known of, descending. */
  readonly options: readonly (readonly Option[])[];
  readonly prices: Prices;
  /** [g * groups + h]: 1 where what both groups save adds up. It is asked for at every exchange. */
  readonly apart: Uint8Array;
  /** The place on each group's ladder where the least is spent. */
  readonly cheapest: readonly number[];
}

/** @param damage as `leastDamage` takes it */
export function groundOf(problem: AllocationProblem, damage: readonly Float64Array[]): Ground {
  const { cost, target } = problem;
  const ladders = sampledWidths(problem, damage);
  const options = ladders.map((ladder, g) => {
    const [whole = 1] = ladder;
    return ladder.map((width) => ({ width, damage: damage[g]?.[whole - width] ?? 0 }));
  });
  const { length } = options;
  const apart = new Uint8Array(length * length);
  for (let g = 0; g < length; g++) {
    for (let h = 0; h < length; h++) apart[g * length + h] = cost.touches?.(g, h) === false ? 1 : 0;
  }
  const widths = cheapestWidths(problem, ladders);
  const cheapest = ladders.map((ladder, g) => ladder.indexOf(widths[g] ?? 1));
  return { options, prices: pricesOf(cost, target.metric), apart, cheapest };
}

/** Structures as a place on each group's ladder. */
export class Space {
  readonly problem: AllocationProblem;
  readonly options: Ground['options'];
  /** Whether wider never costs less. */
  readonly risesWithWidth: boolean;
  /** What the whole network costs. */
  readonly base: number;
  /** More than this surely does not meet the target, however sums were rounded. */
  readonly tooMuch: number;
  /** Where the least is spent. */
  readonly cheapest: readonly number[];
  private readonly prices: Prices;
  private readonly apart: Uint8Array;

  constructor(problem: AllocationProblem, { options, prices, apart, cheapest }: Ground) {
    const { cost, target } = problem;
    this.problem = problem;
    this.options = options;
    this.prices = prices;
    this.apart = apart;
    this.cheapest = cheapest;
    this.risesWithWidth = COST_FACTS[target.metric].risesWithWidth;
    this.base = costOf(cost.base, target.metric);
    this.tooMuch = this.base * (1 - target.share + ROUNDED);
  }

  widths(places: readonly number[]): number[] {
    return places.map((place, g) => this.options[g]?.[place]?.width ?? 1);
  }

  damageOf(places: readonly number[]): number {
    let sum = 0;
    for (let g = 0; g < places.length; g++) sum += this.damageAt(g, places[g] as number);
    return sum;
  }

  damageAt(g: number, place: number): number {
    return this.options[g]?.[place]?.damage ?? Number.POSITIVE_INFINITY;
  }

  costOf(places: readonly number[]): number {
    return this.prices.of(this.widths(places));
  }

  meets(places: readonly number[]): boolean {
    return reaches(this.problem, saving(this.problem, this.widths(places)));
  }

  /** Costs around a structure, by places. */
  from(places: readonly number[]): Cursor {
    const cursor = this.prices.from(this.widths(places));
    const widthAt = (g: number, place: number) => this.options[g]?.[place]?.width ?? 1;
    return {
      along: (g) => {
        const costs = cursor.along(g);
        return (place) => costs(widthAt(g, place));
      },
      move: (g, place) => cursor.move(g, widthAt(g, place)),
    };
  }

  /** Whether what both groups save adds up. */
  isApart(g: number, h: number): boolean {
    return this.apart[g * this.options.length + h] === 1;
  }

  /** How many of a group's places, from the widest on, damage less than `most`: wider ones damage less. */
  countBelow(g: number, most: number): number {
    return countWhile(this.options[g]?.length ?? 0, (place) => this.damageAt(g, place) < most);
  }

  /**
   * A group's widest place that meets the target, among its first `count`; undefined if there is none.
   *
   * @param around the structure with this group at any place
   */
  widest(around: Cursor, g: number, count: number): number | undefined {
    if (count === 0) return undefined;
    const costs = around.along(g);
    const meets = (place: number) => reaches(this.problem, 1 - costs(place) / this.base);
    if (!this.risesWithWidth) {
      for (let place = 0; place < count; place++) if (meets(place)) return place;
      return undefined;
    }
    return meets(count - 1) ? countWhile(count - 1, (place) => !meets(place)) : undefined;
  }
}
