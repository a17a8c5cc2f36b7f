// Time is no monotone function of widths: engines compute channels in blocks, and one width more or less can change how
// a layer is computed. What the searches need instead stands here; they ask by `COST_FACTS[metric].risesWithWidth`.

import { seededRandom } from '@espalier/datasets';
import type { Prices } from '../cost-model.ts';

type Ladders = readonly (readonly number[])[];

/** Structures at which widths of a group are compared with each other, beside both ends; up to so many, all. */
const CONTEXTS = 6;
const ALL_CONTEXTS = 512;
/** Random structures from which the fastest one is searched, and how often the groups are gone through. */
const STARTS = 8;
const SWEEPS = 20;
/** Up to so many structures all are looked at. */
export const FEW_STRUCTURES = 4096;
/** Up to so many other widths of a group are all looked at, of more of them those at steps of powers of two. */
const ALL_WIDTHS = 24;
/** Costs are sums in floating point: less than this share apart they are the same. */
const SAME = 1e-12;

/**
 * Ladders without widths at which a group is no faster than at a wider one, wherever that was looked at: among whole
 * groups, among the narrowest, and at some structures between. Keeping more units for the same time costs nothing.
 */
export function worthwhile(ladders: Ladders, prices: Prices): number[][] {
  const others = structuresOf(ladders, ALL_CONTEXTS) ?? [...ends(ladders), ...drawn(ladders, CONTEXTS)];
  const around = others.map(prices.from);
  return ladders.map((ladder, g) => {
    const kept: { width: number; costs: readonly number[] }[] = [];
    const costsOf = around.map((cursor) => cursor.along(g));
    for (const width of ladder) {
      const costs = costsOf.map((costOf) => costOf(width));
      const isBeaten = kept.some((wider) =>
        wider.costs.every((cost, i) => cost <= (costs[i] ?? 0) * (1 + SAME)),
      );
      if (!isBeaten) kept.push({ width, costs });
    }
    return kept.map(({ width }) => width);
  });
}

/**
 * The structure of the least cost: of a small number of structures exactly, else the best that descents from the
 * narrowest, the whole and some random structures find.
 */
export function fastest(ladders: Ladders, prices: Prices): number[] {
  const all = structuresOf(ladders, FEW_STRUCTURES);
  if (all) return leastBy(all, prices);
  const starts = [...ends(ladders), ...drawn(ladders, STARTS)];
  return leastBy(
    starts.map((start) => descended(ladders, start, prices)),
    prices,
  );
}

/** The fastest structure found that has no narrower group. */
export function quickened(ladders: Ladders, start: readonly number[], prices: Prices): number[] {
  const wider = ladders.map((ladder, g) => ladder.filter((width) => width >= (start[g] ?? 1)));
  return fastest(wider, prices);
}

/** Every structure, where there are few; undefined where there are many. */
export function structuresOf(ladders: Ladders, most: number): number[][] | undefined {
  if (ladders.reduce((product, { length }) => product * length, 1) > most) return undefined;
  return ladders.reduce<number[][]>(
    (all, ladder) => all.flatMap((widths) => ladder.map((width) => [...widths, width])),
    [[]],
  );
}

/** Other places on a ladder of so many: all of few, else at steps of powers of two, and both ends. */
export function nearby(place: number, count: number): number[] {
  if (count <= ALL_WIDTHS) return Array.from({ length: count }, (_, other) => other);
  const steps = Array.from({ length: Math.ceil(Math.log2(count)) }, (_, i) => 2 ** i);
  const places = [place, ...steps.flatMap((step) => [place - step, place + step]), 0, count - 1];
  return [...new Set(places)].filter((other) => other >= 0 && other < count);
}

/** Lowers the cost group by group until none gives any more. */
function descended(ladders: Ladders, start: readonly number[], prices: Prices): number[] {
  const widths = [...start];
  const around = prices.from(start);
  let least = prices.of(widths);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = least;
    for (const [g, ladder] of ladders.entries()) {
      const costOf = around.along(g);
      let better: number | undefined;
      for (const width of ladder) {
        const cost = costOf(width);
        if (cost < least * (1 - SAME)) [better, least] = [width, cost];
      }
      if (better === undefined) continue;
      widths[g] = better;
      around.move(g, better);
    }
    if (least === before) break;
  }
  return widths;
}

/** Every group whole, and every group at its narrowest. */
function ends(ladders: Ladders): number[][] {
  return [ladders.map(([whole = 1]) => whole), ladders.map((ladder) => ladder.at(-1) ?? 1)];
}

function drawn(ladders: Ladders, count: number): number[][] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () =>
    ladders.map((ladder) => ladder[Math.floor(random() * ladder.length)] ?? 1),
  );
}

function leastBy(structures: readonly number[][], prices: Prices): number[] {
  const [first = [], ...others] = structures;
  let best = { widths: first, cost: prices.of(first) };
  for (const widths of others) {
    const cost = prices.of(widths);
    if (cost < best.cost) best = { widths, cost };
  }
  return best.widths;
}
