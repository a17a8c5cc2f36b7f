import { COST_FACTS } from '@espalier/network';
import { costsAlong } from '../cost-model.ts';
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

  /** The cost with one group at another place. */
  costsAlong(places: readonly number[], g: number): (place: number) => number {
    const { cost, target } = this.problem;
    const costs = costsAlong(cost, this.widths(places), g);
    return (place) => costOf(costs(this.options[g]?.[place]?.width ?? 1), target.metric);
  }

  /**
   * The same with one group at the widest that meets the target, or undefined where none does that damages less than
   * `most` by itself: wider ones damage less, so there is none to be looked for beyond.
   */
  completed(places: readonly number[], g: number, most = Number.POSITIVE_INFINITY): number[] | undefined {
    const count = countWhile(this.options[g]?.length ?? 0, (place) => this.damageAt(g, place) < most);
    if (count === 0) return undefined;
    const base = costOf(this.problem.cost.base, this.problem.target.metric);
    const costs = this.costsAlong(places, g);
    const meets = (place: number) => reaches(this.problem, 1 - costs(place) / base);
    if (!this.risesWithWidth) {
      for (let place = 0; place < count; place++) if (meets(place)) return places.with(g, place);
      return undefined;
    }
    if (!meets(count - 1)) return undefined;
    return places.with(
      g,
      countWhile(count - 1, (place) => !meets(place)),
    );
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
  for (const g of wide.keys()) {
    const completed = space.completed(wide, g);
    if (completed) found.push(completed);
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
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = places;
    for (const [g, candidates] of corners.entries()) {
      let best = { value: Number.POSITIVE_INFINITY, place: places[g] ?? 0 };
      const costAt = space.costsAlong(places, g);
      for (const place of candidates) {
        const value = space.damageAt(g, place) + multiplier * costAt(place);
        if (value < best.value) best = { value, place };
      }
      places = places.with(g, best.place);
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
  let isBetter = true;
  const tryFrom = (places: readonly number[], moved: readonly number[]): void => {
    const all = space.damageOf(places);
    for (const h of groups) {
      if (moved.includes(h)) continue;
      // What h may damage at most to be of help.
      const found = space.completed(places, h, least - (all - space.damageAt(h, places[h] ?? 0)));
      if (!found) continue;
      const damage = space.damageOf(found);
      if (!(damage < least * (1 - 1e-12))) continue;
      [best, least, isBetter] = [found, damage, true];
    }
  };
  while (isBetter) {
    isBetter = false;
    for (const g of groups) {
      for (const place of nearby(best[g] ?? 0, sizes[g] ?? 1)) tryFrom(best.with(g, place), [g]);
    }
    if (isBetter || !isSmall) continue;
    for (const g of groups) {
      for (const h of groups.slice(g + 1)) {
        for (let a = 0; a < (sizes[g] ?? 1); a++) {
          for (let b = 0; b < (sizes[h] ?? 1); b++) tryFrom(best.with(g, a).with(h, b), [g, h]);
        }
      }
    }
  }
  return best;
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
