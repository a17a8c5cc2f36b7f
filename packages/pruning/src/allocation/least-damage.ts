import type { Cursor } from '@espalier/latency';
import { COST_FACTS } from '@espalier/network';
import { costsFrom } from '../cost-model.ts';
import { countWhile } from './count-while.ts';
import { sampledWidths } from './damage.ts';
import { knapsack } from './knapsack.ts';
import {
  type AllocationProblem,
  cheapestWidths,
  reaches,
  type SearchStep,
  type Structure,
  saving,
  unreachable,
} from './problem.ts';
import { giveBack } from './search.ts';
import { FEW_STRUCTURES, nearby, structuresOf } from './staircase.ts';
import { costOf } from './target.ts';

/** How often a multiplier is halved in on, and how often the groups are gone through for one. */
const PROBES = 40;
const SWEEPS = 20;
/** Structures that are improved by exchanges. */
const STARTS = 4;
/** Exchanges among three groups are tried where there are no more than so many. */
const TRIPLES = 300_000;
/** Far above what rounding does to a sum of costs, as a share, and far below a unit. */
const ROUNDED = 1e-9;

/**
 * The widths of the least summed damage that meet the target. What a width damages is one group's own matter, what it
 * saves is not: the cost of a layer goes with the widths on both of its sides. So for a multiplier the damage plus so
 * much per MAC (or parameter, or millisecond) is lowered group by group, until none gives any more (Everett, "Generalized Lagrange
 * multiplier method", Operations Research 11, 1963); the smallest multiplier that meets the target is found by
 * bisection; and what lies between the structures that multipliers find is searched by exchanges: one group, or two,
 * to another width, and a further one to the widest that still meets the target. Where costs add up (no layer lies
 * between two groups that can be pruned), the result is exact: see `knapsack`.
 *
 * @param damage `damage[g][removed]`, none falling as more is removed; infinite where nothing is known
 */
export function leastDamage(problem: AllocationProblem, damage: readonly Float64Array[]): Structure {
  const space = new Space(problem, damage);
  const trace: SearchStep[] = [];
  const cheapest = space.cheapest(damage);
  if (!space.meets(cheapest)) throw unreachable(problem, saving(problem, space.widths(cheapest)));
  const starts = multiplied(space, cheapest, trace);
  let best = cheapest;
  for (const start of starts) {
    const found = exchanged(space, start);
    if (space.damageOf(found) < space.damageOf(best)) best = found;
  }
  best = (space.risesWithWidth ? separately(space, best) : among(space, best)) ?? best;
  const widths = space.widths(best);
  const threshold = space.damageOf(best);
  trace.push({ threshold, saving: saving(problem, widths), widths, kind: 'take' });
  return giveBack(problem, { threshold, widths, trace }, damage);
}

/** Structures as a place on each group's ladder. */
class Space {
  readonly problem: AllocationProblem;
  /** By group, the widths that something is known of, descending, and what each damages. */
  readonly options: readonly (readonly { readonly width: number; readonly damage: number }[])[];
  /** Whether wider never costs less. */
  readonly risesWithWidth: boolean;

  constructor(problem: AllocationProblem, damage: readonly Float64Array[]) {
    this.problem = problem;
    this.risesWithWidth = COST_FACTS[problem.target.metric].risesWithWidth;
    this.options = sampledWidths(problem, damage).map((ladder, g) => {
      const [whole = 1] = ladder;
      return ladder.map((width) => ({ width, damage: damage[g]?.[whole - width] ?? 0 }));
    });
  }

  /** Where the least is spent. */
  cheapest(damage: readonly Float64Array[]): number[] {
    const widths = cheapestWidths(this.problem, sampledWidths(this.problem, damage));
    return this.options.map((options, g) => options.findIndex(({ width }) => width === widths[g]));
  }

  widths(places: readonly number[]): number[] {
    return places.map((place, g) => this.options[g]?.[place]?.width ?? 1);
  }

  damageOf(places: readonly number[]): number {
    return places.reduce((sum, place, g) => sum + this.damageAt(g, place), 0);
  }

  damageAt(g: number, place: number): number {
    return this.options[g]?.[place]?.damage ?? Number.POSITIVE_INFINITY;
  }

  costOf(places: readonly number[]): number {
    return costOf(this.problem.cost.cost(this.widths(places)), this.problem.target.metric);
  }

  meets(places: readonly number[]): boolean {
    return reaches(this.problem, saving(this.problem, this.widths(places)));
  }

  /** Costs around a structure, by places. */
  from(places: readonly number[]): Cursor {
    const { cost, target } = this.problem;
    const cursor = costsFrom(cost, this.widths(places), target.metric);
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
    return this.problem.cost.touches?.(g, h) === false;
  }

  /** More than this surely does not meet the target, however sums were rounded. */
  get tooMuch(): number {
    const { cost, target } = this.problem;
    return costOf(cost.base, target.metric) * (1 - target.share + ROUNDED);
  }

  /** How many of a group's places, from the widest on, damage less than `most`: wider ones damage less. */
  countBelow(g: number, most: number): number {
    return countWhile(this.options[g]?.length ?? 0, (place) => this.damageAt(g, place) < most);
  }

  /**
   * A group's widest place that meets the target, among its first `count`; undefined where there is none.
   *
   * @param around the structure with this group at any place
   */
  widest(around: Cursor, g: number, count: number): number | undefined {
    if (count === 0) return undefined;
    const base = costOf(this.problem.cost.base, this.problem.target.metric);
    const costs = around.along(g);
    const meets = (place: number) => reaches(this.problem, 1 - costs(place) / base);
    if (!this.risesWithWidth) {
      for (let place = 0; place < count; place++) if (meets(place)) return place;
      return undefined;
    }
    return meets(count - 1) ? countWhile(count - 1, (place) => !meets(place)) : undefined;
  }
}

/** Feasible structures of multipliers near the smallest that meets the target, those of least damage first. */
function multiplied(space: Space, cheapest: readonly number[], trace: SearchStep[]): number[][] {
  const corners = space.options.map((options) =>
    space.risesWithWidth ? cornersOf(options) : [...options.keys()],
  );
  let wide = cheapest.map(() => 0);
  let narrow = [...cheapest];
  const found: number[][] = [narrow];
  const probe = (multiplier: number): boolean => {
    const [a, b] = [wide, narrow].map((start) => swept(space, corners, start, multiplier)) as [
      number[],
      number[],
    ];
    const value = (places: readonly number[]) => space.damageOf(places) + multiplier * space.costOf(places);
    const places = value(a) <= value(b) ? a : b;
    for (const each of [a, b]) if (space.meets(each)) found.push(each);
    const widths = space.widths(places);
    const saved = saving(space.problem, widths);
    trace.push({ threshold: multiplier, saving: saved, widths, kind: 'bisect' });
    const isEnough = reaches(space.problem, saved);
    if (isEnough) narrow = places;
    else wide = places;
    return isEnough;
  };
  const whole = space.costOf(wide);
  // Not 0 where nothing is damaged: it could not grow.
  let high = Math.max(space.damageOf(narrow), 1e-9) / whole;
  while (Number.isFinite(high) && !probe(high)) high *= 4;
  let low = 0;
  for (let i = 0; i < PROBES && low < high; i++) {
    const middle = (low + high) / 2;
    if (probe(middle)) high = middle;
    else low = middle;
  }
  // What the last multiplier that was too small found, made to meet the target by each group in turn.
  const around = space.from(wide);
  for (const g of wide.keys()) {
    const place = space.widest(around, g, space.options[g]?.length ?? 0);
    if (place !== undefined) found.push(wide.with(g, place));
  }
  const distinct = new Map(found.map((places) => [places.join(), places]));
  return [...distinct.values()].sort((a, b) => space.damageOf(a) - space.damageOf(b)).slice(0, STARTS);
}

/** Places where the damage bends: between them it is a line, and a line has its least at an end. */
function cornersOf(options: readonly { readonly width: number; readonly damage: number }[]): number[] {
  return [...options.keys()].filter((i) => {
    const [before, here, after] = [options[i - 1], options[i], options[i + 1]];
    if (!before || !here || !after) return true;
    const [left, right] = [before.width - here.width, here.width - after.width];
    const bend = (after.damage - here.damage) / right - (here.damage - before.damage) / left;
    return Math.abs(bend) > 1e-9 * (after.damage - before.damage);
  });
}

/** Lowers damage + multiplier * cost group by group, until nothing changes. */
function swept(
  space: Space,
  corners: readonly (readonly number[])[],
  start: readonly number[],
  multiplier: number,
): number[] {
  let places = [...start];
  const around = space.from(start);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = places;
    for (const [g, candidates] of corners.entries()) {
      let best = { value: Number.POSITIVE_INFINITY, place: places[g] ?? 0 };
      const costAt = around.along(g);
      for (const place of candidates) {
        const value = space.damageAt(g, place) + multiplier * costAt(place);
        if (value < best.value) best = { value, place };
      }
      if (best.place === places[g]) continue;
      places = places.with(g, best.place);
      around.move(g, best.place);
    }
    if (before.every((place, g) => place === places[g])) break;
  }
  return places;
}

/** Takes exchanges that lower the damage until there is none. */
function exchanged(space: Space, start: readonly number[]): number[] {
  const groups = [...start.keys()];
  const sizes = space.options.map(({ length }) => length);
  const pairs = sizes.reduce((sum, a, g) => sum + sizes.slice(g + 1).reduce((all, b) => all + a * b, 0), 0);
  const isSmall = pairs * groups.length <= TRIPLES;
  let best = [...start];
  let least = space.damageOf(best);
  let near = new Neighbourhood(space, best);
  let isBetter = true;
  const tryFrom = (moves: readonly Move[]): void => {
    if (near.places !== best) near = new Neighbourhood(space, best);
    const moved = near.after(moves);
    const all = space.damageOf(moved.places);
    for (const h of groups) {
      if (moves.some(({ group }) => group === h)) continue;
      // What h may damage at most to be of help.
      const most = least - (all - space.damageAt(h, moved.places[h] ?? 0));
      const place = moved.widest(h, most);
      if (place === undefined) continue;
      const found = moved.places.with(h, place);
      const damage = space.damageOf(found);
      if (!(damage < least * (1 - 1e-12))) continue;
      [best, least, isBetter] = [found, damage, true];
    }
  };
  while (isBetter) {
    isBetter = false;
    for (const group of groups) {
      for (const place of nearby(best[group] ?? 0, sizes[group] ?? 1)) tryFrom([{ group, place }]);
    }
    if (isBetter || !isSmall) continue;
    for (const g of groups) {
      for (const h of groups.slice(g + 1)) {
        for (let a = 0; a < (sizes[g] ?? 1); a++) {
          for (let b = 0; b < (sizes[h] ?? 1); b++) {
            tryFrom([
              { group: g, place: a },
              { group: h, place: b },
            ]);
          }
        }
      }
    }
  }
  return best;
}

interface Move {
  readonly group: number;
  readonly place: number;
}

/** A structure, and what is known of those around it: most exchanges are too dear, and that shows at a glance. */
class Neighbourhood {
  readonly places: number[];
  private readonly space: Space;
  private readonly around: Cursor;
  private readonly cost: number;
  /** By group: how much each place alone changes the cost, and the least of that up to it. */
  private readonly changes = new Map<number, { readonly by: Float64Array; readonly least: Float64Array }>();

  constructor(space: Space, places: number[]) {
    this.space = space;
    this.places = places;
    this.around = space.from(places);
    this.cost = space.costOf(places);
  }

  /** The structure with some groups elsewhere. */
  after(moves: readonly Move[]) {
    const { space, places } = this;
    const moved = moves.reduce((all, { group, place }) => all.with(group, place), places);
    const [first, second] = moves;
    const isSum = !second || (first && space.isApart(first.group, second.group));
    const cost = isSum
      ? moves.reduce((sum, { group, place }) => sum + (this.changesOf(group).by[place] ?? 0), this.cost)
      : space.costOf(moved);
    let around: Cursor | undefined;
    return {
      places: moved,
      /** A group's widest place that meets the target and damages less than `most`. */
      widest: (g: number, most: number): number | undefined => {
        const count = space.countBelow(g, most);
        if (count === 0) return undefined;
        const isApart = moves.every(({ group }) => space.isApart(group, g));
        if (isApart && cost + (this.changesOf(g).least[count - 1] ?? 0) > space.tooMuch) return undefined;
        around ??= space.from(moved);
        return space.widest(around, g, count);
      },
    };
  }

  private changesOf(g: number) {
    const known = this.changes.get(g);
    if (known) return known;
    const costs = this.around.along(g);
    const by = Float64Array.from(this.space.options[g] ?? [], (_, place) => costs(place) - this.cost);
    let least = Number.POSITIVE_INFINITY;
    const found = { by, least: by.map((change) => (least = Math.min(least, change))) };
    this.changes.set(g, found);
    return found;
  }
}

/** The best one of few structures; undefined where there are many, and where the known one is the best. */
function among(space: Space, known: readonly number[]): number[] | undefined {
  const all = structuresOf(
    space.options.map((options) => [...options.keys()]),
    FEW_STRUCTURES,
  );
  let best: { places: number[] | undefined; damage: number } = {
    places: undefined,
    damage: space.damageOf(known),
  };
  for (const places of all ?? []) {
    const damage = space.damageOf(places);
    if (damage < best.damage && space.meets(places)) best = { places, damage };
  }
  return best.places;
}

/** The best structure where what groups save adds up; undefined where it does not, or the known one is the best. */
function separately(space: Space, known: readonly number[]): number[] | undefined {
  const whole = known.map(() => 0);
  const base = space.costOf(whole);
  const alone = space.options.map((options, g) =>
    options.map(({ damage }, place) => ({ damage, saved: base - space.costOf(whole.with(g, place)) })),
  );
  // Costs are sums of products of widths without negative terms: what adds up between the ends adds up everywhere.
  const last = (g: number) => (space.options[g]?.length ?? 1) - 1;
  for (const g of whole.keys()) {
    for (let h = 0; h < g; h++) {
      const both = base - space.costOf(whole.with(g, last(g)).with(h, last(h)));
      const sum = (alone[g]?.at(-1)?.saved ?? 0) + (alone[h]?.at(-1)?.saved ?? 0);
      if (both !== sum) return undefined;
    }
  }
  const { share } = space.problem.target;
  return knapsack(alone, (share - 1e-12) * base, space.damageOf(known));
}
