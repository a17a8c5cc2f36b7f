import { InputError } from '@espalier/errors';
import { usualAlignment } from '@espalier/latency';
import { COST_FACTS, type Costs, mapCosts } from '@espalier/network';
import { type CostModel, pricesOf } from '../cost-model.ts';
import type { Ranking } from '../criteria/index.ts';
import { fastest, worthwhile } from './staircase.ts';
import { costOf, type Target, targetText } from './target.ts';

export interface WidthLimits {
  /**
   * Kept widths are multiples of this, or the group stays whole. `auto`: of what engines run well, 8 for groups of 32
   * and more, 4 below, which is what plans say where a person does not. Default 1: widths as they fall.
   */
  readonly align?: number | 'auto';
  /** What `auto` stands for, put down once so that every machine computes the same; groups not listed use the rule. */
  readonly widths?: readonly GroupWidths[] | undefined;
  /** The largest share of a group's units to remove. Default 0.9. */
  readonly maxRatio?: number;
  /** The fewest units to keep in a group. Default 1. */
  readonly minWidth?: number;
  /** Ids of groups that stay whole. */
  readonly keep?: readonly string[];
}

/** The widths that a group may have, descending, its whole width first. */
export interface GroupWidths {
  readonly group: string;
  readonly widths: readonly number[];
}

/** What an allocation has to use. Lists run over the prunable groups in topological order. */
export interface AllocationProblem {
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
  readonly target: Target;
  /** The widths that each group may have, descending; the first is its whole width. */
  readonly ladders: readonly (readonly number[])[];
  /** Samples of each group by ascending number of removed units; absent without a sweep. */
  readonly samples?: readonly (readonly DropSample[])[];
  /** For allocations that draw. Default 0. */
  readonly seed?: number;
}

export interface DropSample {
  /** Units removed. */
  readonly removed: number;
  /** Monotone drop D', a fraction. */
  readonly drop: number;
  /** How much the loss has risen, made monotone likewise, in nats. */
  readonly loss: number;
}

/** One probe of a search. */
export interface SearchStep {
  /** What was searched over: a tolerance, a multiplier, a ratio, a number of units. */
  readonly threshold: number;
  /** Share of the target's metric saved. */
  readonly saving: number;
  readonly widths: readonly number[];
  /** A probe of the search over thresholds, a step of the greedy search, or one given back afterwards. */
  readonly kind: 'bisect' | 'take' | 'give-back';
  /** Number of the round, from 1, where the search has several. */
  readonly round?: number;
}

export interface Structure {
  /** Units kept in each group. */
  readonly widths: readonly number[];
  readonly cost: Costs;
  /** Saved shares of the base cost. */
  readonly achieved: Costs;
  readonly trace: readonly SearchStep[];
}

/**
 * The widths a group may have, descending. `align`, `maxRatio` and `minWidth` are obeyed here and nowhere else.
 *
 * @param left how many of its units are still there: the limits hold against all that it had
 */
export function widthLadder(width: number, id: string, limits: WidthLimits, left = width): number[] {
  const { align = 1, maxRatio = 0.9, minWidth = 1, keep = [], widths = [] } = limits;
  if (keep.includes(id)) return [left];
  const fewest = Math.max(1, minWidth, width - Math.floor(maxRatio * width + 1e-9));
  const listed = align === 'auto' ? widths.find(({ group }) => group === id)?.widths : undefined;
  const step = align === 'auto' ? usualAlignment(width) : align;
  return [left, ...(listed ?? multiplesOf(step, width)).filter((kept) => kept < left && kept >= fewest)];
}

/** What `auto` stands for in a group, descending. */
export function usualWidths(width: number): number[] {
  return [width, ...multiplesOf(usualAlignment(width), width)];
}

/** Below the width, descending. */
function multiplesOf(step: number, width: number): number[] {
  const most = Math.floor((width - 1) / step);
  return Array.from({ length: most }, (_, i) => (most - i) * step);
}

/**
 * Of the widths that groups may have those that an allocation has to look at: all, where wider never costs less, and
 * else without those at which a group is no faster than at a wider one.
 */
export function usefulLadders(
  { cost, target: { metric } }: Pick<AllocationProblem, 'cost' | 'target'>,
  ladders: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  if (COST_FACTS[metric].risesWithWidth) return ladders;
  return worthwhile(ladders, pricesOf(cost, metric));
}

const profiled = new WeakMap<CostModel, readonly GroupWidths[]>();

/**
 * What `auto` stands for where a device profile tells the time: the usual widths, without those at which a group is no
 * faster than at a wider one. Found once for a network and a profile.
 *
 * @param cost of these groups, with latency
 */
export function profiledWidths(
  cost: CostModel,
  groups: readonly { readonly id: string; readonly width: number }[],
): readonly GroupWidths[] {
  const found =
    profiled.get(cost) ??
    worthwhile(
      groups.map(({ width }) => usualWidths(width)),
      pricesOf(cost, 'latency'),
    ).map((widths, g) => ({ group: groups[g]?.id ?? '', widths }));
  profiled.set(cost, found);
  return found;
}

export function checkLimits(limits: WidthLimits, groupIds: readonly string[]): void {
  const { align = 1, maxRatio = 0.9, minWidth = 1, keep = [] } = limits;
  if (align !== 'auto' && !(Number.isInteger(align) && align >= 1))
    throw new InputError(
      `widths are multiples of a whole number from 1, or "auto", not of ${align}`,
      'limits.align',
    );
  if (!Number.isInteger(minWidth) || minWidth < 1) {
    throw new InputError(`the minimum width is a whole number from 1, not ${minWidth}`, 'limits.minWidth');
  }
  if (!(maxRatio > 0 && maxRatio < 1))
    throw new InputError(
      `the largest ratio to remove must be between 0 and 1, not ${maxRatio}`,
      'limits.maxRatio',
    );
  const unknown = keep.find((id) => !groupIds.includes(id));
  if (unknown !== undefined) {
    throw new InputError(
      `there is no prunable group "${unknown}"; there are ${someOf(groupIds)}`,
      'limits.keep',
    );
  }
}

/** The first of a network's groups, for a message: there may be hundreds. */
export function someOf(groupIds: readonly string[]): string {
  const others = groupIds.length - 5;
  return groupIds.slice(0, 5).join(', ') + (others > 0 ? ` and ${others} more` : '');
}

/** The smallest allowed width that keeps at least `kept` units. */
export function fitWidth(ladder: readonly number[], kept: number): number {
  let fitting = ladder[0] ?? 1;
  for (const width of ladder) {
    if (width < kept) break;
    fitting = width;
  }
  return fitting;
}

/** Each group without as many units, or with as many more as its limits ask for. */
export function withoutUnits(
  { ladders }: Pick<AllocationProblem, 'ladders'>,
  removed: (whole: number, group: number) => number,
): number[] {
  return ladders.map((ladder, group) => {
    const [whole = 1] = ladder;
    return fitWidth(ladder, whole - removed(whole, group));
  });
}

export function saving(problem: AllocationProblem, widths: ArrayLike<number>): number {
  const { metric } = problem.target;
  return 1 - costOf(problem.cost.cost(widths), metric) / costOf(problem.cost.base, metric);
}

/** Savings are compared with a slack far below one unit, so that a target met exactly counts as met. */
export function reaches(problem: AllocationProblem, saved: number): boolean {
  return saved >= problem.target.share - 1e-12;
}

export function structureOf(
  problem: AllocationProblem,
  widths: readonly number[],
  trace: readonly SearchStep[],
): Structure {
  const cost = problem.cost.cost(widths);
  return { widths, cost, achieved: savedShares(problem.cost.base, cost), trace };
}

export function savedShares(base: Costs, left: Costs): Structure['achieved'] {
  return mapCosts(base, (whole, metric) => 1 - costOf(left, metric) / whole);
}

/** The largest saving that any allocation may reach: every group at its narrowest, or what is found to be fastest. */
export function largestSaving(problem: AllocationProblem): number {
  return saving(problem, cheapestWidths(problem));
}

/** @param ladders of which groups; default: all that the problem allows */
export function cheapestWidths(problem: AllocationProblem, ladders = problem.ladders): number[] {
  const { metric } = problem.target;
  const narrowest = ladders.map((ladder) => ladder.at(-1) ?? 1);
  if (COST_FACTS[metric].risesWithWidth) return narrowest;
  return fastest(ladders, pricesOf(problem.cost, metric));
}

export function unreachable({ target, cost }: AllocationProblem, largest: number): InputError {
  const { metric } = target;
  const base = costOf(cost.base, metric);
  const left =
    metric === 'latency'
      ? ` (${(base * (1 - largest)).toPrecision(3)} of ${base.toPrecision(3)} ms are left)`
      : '';
  return new InputError(
    `target ${targetText(target)} cannot be reached: the largest reachable saving is ${(Math.floor(largest * 1e4) / 1e4).toFixed(4)} of the ${metric}${left}; lower the target, or loosen the limits on widths (alignment, minimum width, largest ratio, groups kept whole)`,
    'target',
  );
}
