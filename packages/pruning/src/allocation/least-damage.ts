import type { Search } from './allocation.ts';
import { exchanged } from './exchanges.ts';
import { type Option as Choice, knapsack } from './knapsack.ts';
import { type AllocationProblem, reaches, type SearchStep, saving, unreachable } from './problem.ts';
import { giveBack } from './search.ts';
import { groundOf, type Option, Space } from './space.ts';
import { FEW_STRUCTURES, structuresOf } from './staircase.ts';

/** How often a multiplier is halved in on, and how often the groups are gone through for one. */
const PROBES = 40;
const SWEEPS = 20;
/** Structures that are improved by exchanges. */
const STARTS = 4;

/**
 * The widths of the least summed damage that meet the target. What a width damages is one group's own matter, what it
 * saves is not: the cost of a layer goes with the widths on both of its sides. So for a multiplier the damage plus so
 * much per MAC (or parameter, or millisecond) is lowered group by group, until none gives any more (Everett,
 * "Generalized Lagrange multiplier method", Operations Research 11, 1963); the smallest multiplier that meets the
 * target is found by bisection; and what is between the structures that multipliers find is searched by exchanges: one
 * group, or two, to another width, and a further one to the widest that still meets the target. Where costs add up (no
 * layer lies between two groups that can be pruned), the result is exact: see `knapsack`.
 *
 * @param damage `damage[g][removed]`, none falling as more is removed; infinite where nothing is known
 */
export function leastDamage(problem: AllocationProblem, damage: readonly Float64Array[]): Search {
  const ground = groundOf(problem, damage);
  let alone: ReturnType<typeof addingUp> | undefined;
  return (target) => {
    const aimed = { ...problem, target };
    const space = new Space(aimed, ground);
    const trace: SearchStep[] = [];
    const { cheapest } = space;
    if (!space.meets(cheapest)) throw unreachable(aimed, saving(aimed, space.widths(cheapest)));
    const starts = multiplied(space, cheapest, trace);
    let best = cheapest;
    for (const start of starts) {
      const found = exchanged(space, start);
      if (space.damageOf(found) < space.damageOf(best)) best = found;
    }
    if (space.risesWithWidth) {
      if (alone === undefined) alone = addingUp(space);
      best = (alone && separately(alone, space, space.damageOf(best))) ?? best;
    } else best = among(space, best) ?? best;
    const widths = space.widths(best);
    const threshold = space.damageOf(best);
    trace.push({ threshold, saving: saving(aimed, widths), widths, kind: 'take' });
    return giveBack(aimed, { threshold, widths, trace }, damage);
  };
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
function cornersOf(options: readonly Option[]): number[] {
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

/** What each place of each group saves, and damages, where what groups save adds up; null if it does not. */
function addingUp(space: Space): readonly (readonly Choice[])[] | null {
  const whole = space.options.map(() => 0);
  const base = space.costOf(whole);
  const around = space.from(whole);
  const alone = space.options.map((options, g) => {
    const costs = around.along(g);
    return options.map(({ damage }, place) => ({ damage, saved: base - costs(place) }));
  });
  // Costs are sums of products of widths without negative terms: what adds up between the ends adds up everywhere.
  const last = (g: number) => (space.options[g]?.length ?? 1) - 1;
  for (const g of whole.keys()) {
    const narrow = space.from(whole.with(g, last(g)));
    for (let h = 0; h < g; h++) {
      const both = base - narrow.along(h)(last(h));
      const sum = (alone[g]?.at(-1)?.saved ?? 0) + (alone[h]?.at(-1)?.saved ?? 0);
      if (both !== sum) return null;
    }
  }
  return alone;
}

/** The best structure where what groups save adds up; undefined where the known one is the best. */
function separately(
  alone: readonly (readonly Choice[])[],
  { problem, base }: Space,
  most: number,
): number[] | undefined {
  return knapsack(alone, (problem.target.share - 1e-12) * base, most);
}
