import {
  type AllocationProblem,
  reaches,
  type SearchStep,
  type Structure,
  saving,
  structureOf,
  unreachable,
  withoutUnits,
} from './problem.ts';

/**
 * The structure of the smallest threshold that reaches the target, by binary search. Widths only change at the
 * `candidates`, so searching these is exact: it ends after log2(candidates) probes and cannot miss the
 * best.
 *
 * @param removed how many units of `whole` a group gives at a threshold; none may give fewer as that grows
 * @param damage steps are given back by it at the end: see `giveBack`
 */
export function smallest(
  problem: AllocationProblem,
  candidates: readonly number[],
  removed: (threshold: number, whole: number, group: number) => number,
  damage?: readonly Float64Array[],
): Structure {
  const sorted = [...new Set([0, ...candidates])].sort((a, b) => a - b);
  const trace: SearchStep[] = [];
  const probe = (index: number) => {
    const threshold = sorted[index] ?? 0;
    const widths = withoutUnits(problem, (whole, group) => removed(threshold, whole, group));
    const saved = saving(problem, widths);
    trace.push({ threshold, saving: saved, widths, kind: 'bisect' });
    return { threshold, widths, saved };
  };

  let high = sorted.length - 1;
  let best = probe(high);
  if (!reaches(problem, best.saved)) throw unreachable(problem, best.saved);
  let low = 0;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const here = probe(middle);
    if (reaches(problem, here.saved)) {
      best = here;
      high = middle;
    } else low = middle + 1;
  }
  if (damage) return giveBack(problem, { ...best, trace }, damage);
  return structureOf(problem, best.widths, trace);
}

/** One group on its ladder's next width. */
export interface Step {
  readonly widths: number[];
  /** How much the predicted drop rises. */
  readonly damage: number;
  /** MACs (or parameters) that it saves. */
  readonly saved: number;
}

/**
 * @param by 1 for each group's step down, -1 for its step up
 * @param damage `damage[g][removed]`: predicted drop of group g, by units removed
 */
export function* stepsFrom(
  { ladders, cost, target: { metric } }: AllocationProblem,
  widths: readonly number[],
  damage: readonly Float64Array[],
  by: 1 | -1,
): Generator<Step> {
  const before = cost.cost(widths)[metric];
  for (const [group, ladder] of ladders.entries()) {
    const [whole = 1] = ladder;
    const current = widths[group] ?? whole;
    const width = ladder[ladder.indexOf(current) + by];
    if (width === undefined) continue;
    const next = widths.with(group, width);
    const dropAt = (kept: number) => damage[group]?.[whole - kept] ?? Number.POSITIVE_INFINITY;
    yield {
      widths: next,
      damage: dropAt(width) - dropAt(current),
      saved: before - cost.cost(next)[metric],
    };
  }
}

/**
 * A search jumps: many groups move at the same threshold. Giving back restores, one step at a time, the
 * step that lowers the predicted drop most per MAC (or parameter) restored, as long as the target stays
 * met; ties go to the earlier group.
 */
export function giveBack(
  problem: AllocationProblem,
  found: {
    readonly threshold: number;
    readonly widths: readonly number[];
    readonly trace: readonly SearchStep[];
  },
  damage: readonly Float64Array[],
): Structure {
  const { threshold } = found;
  const trace = [...found.trace];
  let { widths } = found;
  for (;;) {
    let best: { widths: number[]; gain: number; left: number } | undefined;
    for (const step of stepsFrom(problem, widths, damage, -1)) {
      const left = saving(problem, step.widths);
      if (!reaches(problem, left)) continue;
      const gain = step.saved < 0 ? step.damage / step.saved : Number.POSITIVE_INFINITY;
      if (!best || gain > best.gain) best = { widths: step.widths, gain, left };
    }
    if (!best) return structureOf(problem, widths, trace);
    widths = best.widths;
    trace.push({ threshold, saving: best.left, widths, kind: 'give-back' });
  }
}
