import { cie } from '../../allocation/cie.ts';
import { predictedDamage } from '../../allocation/damage.ts';
import {
  type AllocationProblem,
  largestSaving,
  reaches,
  usefulLadders,
  widthLadder,
} from '../../allocation/problem.ts';
import type { Target } from '../../allocation/target.ts';
import { monotoneDrop } from '../../contribution.ts';
import type { RankedCriterion } from '../request.ts';

/** What is known of one cell. */
export interface CellEstimate {
  /** Units that it removes. */
  readonly removed: number;
  /** Images that it was measured on, from the first on; 0: not at all. */
  readonly images: number;
  /** Baseline minus accuracy on these images. */
  readonly drop: number;
  /** Standard error of the drop, paired. */
  readonly standardError: number;
}

/** A cell on which a decision turns, and how many images it should have next. */
export interface CellDemand {
  readonly row: number;
  readonly removed: number;
  readonly images: number;
}

type Curves = Pick<RankedCriterion, 'rankings' | 'cost'> & {
  /** [group][cell] by ascending number of units removed, none of them 0. */
  readonly estimates: readonly (readonly CellEstimate[])[];
};

/** Images of a cell's first look. */
export const FEW = 200;
/** By how much a cell's images grow where they do not decide. */
const GROWTH = 2.5;
/** One standard error may move a decided width by this share of a unit. */
const UNITS = 0.35;
/** Standard errors that a drop must lie below the tolerance to be there for certain. */
const CERTAIN = 2;

/**
 * The cells on which the structures of `targets` turn and that are not known well enough. Allocation `cie`
 * removes from each group what its drop curve allows at a common tolerance, so only the two cells around
 * that crossing decide, and only as far as their errors move it. None: everything is decided.
 *
 * @param images of the whole sweep
 */
export function openDecisions(curves: Curves, targets: readonly Target[], images: number): CellDemand[] {
  const demands = new Map<string, CellDemand>();
  const drops = filledIn(curves.estimates);
  for (const target of targets) {
    const problem = problemOf(curves, drops, target);
    // A target out of reach decides nothing; pruning refuses it.
    if (!reaches(problem, largestSaving(problem))) continue;
    const { widths } = cie.allocate(problem);
    const damage = predictedDamage(problem, 'cie');
    const removed = problem.ladders.map(([whole = 1], g) => whole - (widths[g] ?? whole));
    const tolerance = Math.max(...removed.map((units, g) => damage[g]?.[units] ?? 0));
    curves.estimates.forEach((row, g) => {
      for (const cell of undecided(row, drops[g] ?? [], removed[g] ?? 0, tolerance, images)) {
        const next = Math.min(images, cell.images === 0 ? FEW : Math.ceil(cell.images * GROWTH));
        demands.set(`${g}/${cell.removed}`, { row: g, removed: cell.removed, images: next });
      }
    });
  }
  return [...demands.values()];
}

/** The cells around a group's crossing that need more images. */
function undecided(
  row: readonly CellEstimate[],
  drops: readonly number[],
  removed: number,
  tolerance: number,
  images: number,
): CellEstimate[] {
  const at = row.findLastIndex((cell) => cell.removed <= removed);
  const [below, above] = [row[at], row[at + 1]];
  const around = [below, above].filter((cell) => cell !== undefined);
  const unseen = around.filter((cell) => cell.images === 0);
  if (unseen.length > 0) return unseen;
  const open = around.filter((cell) => cell.images < images);
  // Of the images that are still to come: those that were seen are part of the whole.
  const error = (cell: CellEstimate | undefined) =>
    cell ? cell.standardError * Math.sqrt(1 - cell.images / images) : 0;
  const low = drops[at] ?? 0;
  if (!above) return below && low + CERTAIN * error(below) < tolerance ? [] : open;
  const rise = Math.max((drops[at + 1] ?? 0) - low, 1e-9);
  const units = above.removed - (below?.removed ?? 0);
  return (units * Math.hypot(error(below), error(above))) / rise > UNITS ? open : [];
}

/** Monotone drops, with what was not measured interpolated over the units removed. */
function filledIn(estimates: readonly (readonly CellEstimate[])[]): number[][] {
  return monotoneDrop(
    estimates.map((row) => row.map((_, k) => interpolated(row, k, { value: ({ drop }) => drop, atZero: 0 }))),
  );
}

/** A cell's value, or where it was not measured the straight line between those beside it that were. */
export function interpolated<C extends Pick<CellEstimate, 'removed' | 'images'>>(
  row: readonly C[],
  k: number,
  { value, atZero }: { readonly value: (cell: C) => number; readonly atZero: number },
): number {
  const cell = row[k];
  if (!cell) throw new Error(`there is no cell ${k}`);
  if (cell.images > 0) return value(cell);
  const before = row.slice(0, k).findLast(({ images }) => images > 0);
  const after = row.slice(k).find(({ images }) => images > 0);
  const [x, y] = before ? [before.removed, value(before)] : [0, atZero];
  return after ? y + ((cell.removed - x) / (after.removed - x)) * (value(after) - y) : y;
}

function problemOf(
  { rankings, cost, estimates }: Curves,
  drops: readonly (readonly number[])[],
  target: Target,
): AllocationProblem {
  return {
    rankings,
    cost,
    target,
    ladders: usefulLadders(
      { cost, target },
      rankings.map(({ group }) => widthLadder(group.width, group.id, {})),
    ),
    // The allocation asked uses drops.
    samples: estimates.map((row, g) =>
      row.map(({ removed }, k) => ({ removed, drop: drops[g]?.[k] ?? 0, loss: 0 })),
    ),
  };
}
