import { type AllocationProblem, reaches, type SearchStep, saving, unreachable } from './problem.ts';

/** What a bisection ends with: the smallest threshold on the target's safe side. */
export interface Found {
  readonly threshold: number;
  readonly widths: number[];
  readonly trace: SearchStep[];
}

/**
 * Binary search for the smallest threshold whose structure reaches the target. Widths only change at the
 * `candidates`, so searching these is exact: it ends after log2(candidates) probes and cannot miss the
 * best. The saving must not fall as the threshold grows.
 */
export function bisect(
  problem: AllocationProblem,
  candidates: readonly number[],
  widthsAt: (threshold: number) => number[],
): Found {
  const sorted = [...new Set([0, ...candidates])].sort((a, b) => a - b);
  const trace: SearchStep[] = [];
  const probe = (index: number) => {
    const threshold = sorted[index] ?? 0;
    const widths = widthsAt(threshold);
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
  return { threshold: best.threshold, widths: best.widths, trace };
}

/**
 * A bisection jumps: many groups move at the same threshold. Giving back restores, one step at a time, the
 * step that lowers the predicted drop most per MAC (or parameter) restored, as long as the target stays
 * met; ties go to the earlier group.
 *
 * @param damage `damage[g][removed]`: predicted drop of group g, by units removed
 */
export function giveBack(problem: AllocationProblem, found: Found, damage: readonly Float64Array[]): Found {
  const { metric } = problem.target;
  const widths = [...found.widths];
  const trace = [...found.trace];
  const costOf = () => problem.cost.cost(widths)[metric];
  for (;;) {
    const cost = costOf();
    let best: { group: number; width: number; gain: number; saved: number } | undefined;
    for (const [group, ladder] of problem.ladders.entries()) {
      const current = widths[group] ?? 0;
      const wider = ladder[ladder.indexOf(current) - 1];
      if (wider === undefined) continue;
      widths[group] = wider;
      const restored = costOf() - cost;
      const saved = saving(problem, widths);
      widths[group] = current;
      if (!reaches(problem, saved)) continue;
      const whole = ladder[0] ?? 0;
      const lowered = (damage[group]?.[whole - current] ?? 0) - (damage[group]?.[whole - wider] ?? 0);
      const gain = restored > 0 ? lowered / restored : Number.POSITIVE_INFINITY;
      if (!best || gain > best.gain) best = { group, width: wider, gain, saved };
    }
    if (!best) return { ...found, widths, trace };
    widths[best.group] = best.width;
    trace.push({ threshold: found.threshold, saving: best.saved, widths: [...widths], kind: 'give-back' });
  }
}
