import type { Allocation } from './allocation.ts';
import { predictedDamage } from './damage.ts';
import {
  type AllocationProblem,
  reaches,
  type SearchStep,
  saving,
  structureOf,
  unreachable,
} from './problem.ts';
import { giveBack } from './search.ts';

/** The trace has a step whenever the saving has grown by so much. */
const TRACED_EVERY = 0.01;

/**
 * One block of channels at a time, always the one whose removal raises the predicted drop least per MAC (or
 * parameter) that it saves, until the target is met; then steps are given back. Over the same samples as CIE, whose
 * drops it adds up as if groups did not touch one another. In the manner of Yang, Howard, Chen, Zhang, Go, Sandler,
 * Sze, Adam, "NetAdapt", ECCV 2018, which measures every step anew.
 */
export const greedy: Allocation = {
  name: 'greedy',
  description: 'channel by channel, always the one that costs least accuracy per MAC saved',
  sampling: 'shared',
  allocate(problem) {
    const damage = predictedDamage(problem, 'greedy');
    const widths = problem.ladders.map(([whole = 1]) => whole);
    const trace: SearchStep[] = [];
    let [saved, total] = [0, 0];
    while (!reaches(problem, saved)) {
      const step = cheapestStep(problem, widths, damage);
      if (!step) throw unreachable(problem, saved);
      widths[step.group] = step.width;
      saved = saving(problem, widths);
      total += step.harm;
      const told = trace.at(-1)?.saving ?? 0;
      if (saved - told >= TRACED_EVERY || reaches(problem, saved)) {
        trace.push({ threshold: total, saving: saved, widths: [...widths], kind: 'take' });
      }
    }
    const found = giveBack(problem, { threshold: total, widths, trace }, damage);
    return structureOf(problem, found.widths, found.trace);
  },
};

interface Step {
  readonly group: number;
  readonly width: number;
  /** How much the predicted drop rises. */
  readonly harm: number;
}

/** The next step down of some group; ties save more, then go to the earlier group. None beyond what was sampled. */
function cheapestStep(
  { ladders, cost, target: { metric } }: AllocationProblem,
  widths: readonly number[],
  damage: readonly Float64Array[],
): Step | null {
  const before = cost.cost(widths)[metric];
  const probed = [...widths];
  let best: (Step & { rate: number; saved: number }) | null = null;
  for (const [group, ladder] of ladders.entries()) {
    const [whole = 1] = ladder;
    const current = widths[group] ?? whole;
    const width = ladder[ladder.indexOf(current) + 1];
    if (width === undefined) continue;
    const harm =
      (damage[group]?.[whole - width] ?? Number.POSITIVE_INFINITY) - (damage[group]?.[whole - current] ?? 0);
    if (!Number.isFinite(harm)) continue;
    probed[group] = width;
    const saved = before - cost.cost(probed)[metric];
    probed[group] = current;
    // Behind a channel split a step may save nothing: the last resort.
    const rate = saved > 0 ? harm / saved : Number.POSITIVE_INFINITY;
    if (!best || rate < best.rate || (rate === best.rate && saved > best.saved)) {
      best = { group, width, harm, rate, saved };
    }
  }
  return best;
}
