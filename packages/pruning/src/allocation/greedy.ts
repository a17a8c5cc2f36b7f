import type { Allocation } from './allocation.ts';
import { predictedDamage, sampledWidths } from './damage.ts';
import { cheapestWidths, reaches, type SearchStep, saving, unreachable } from './problem.ts';
import { giveBack, type Step, stepsFrom } from './search.ts';

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
    let widths: readonly number[] = problem.ladders.map(([whole = 1]) => whole);
    const trace: SearchStep[] = [];
    let [saved, threshold] = [0, 0];
    while (!reaches(problem, saved)) {
      const step = cheapest(stepsFrom(problem, widths, damage, 1));
      // Steps that each save something may lead past the fastest structure.
      widths = step?.widths ?? cheapestWidths(problem, sampledWidths(problem, damage));
      saved = saving(problem, widths);
      if (!step && !reaches(problem, saved)) throw unreachable(problem, saved);
      threshold += step?.damage ?? 0;
      const told = trace.at(-1)?.saving ?? 0;
      if (saved - told >= TRACED_EVERY || reaches(problem, saved)) {
        trace.push({ threshold, saving: saved, widths, kind: 'take' });
      }
    }
    return giveBack(problem, { threshold, widths, trace }, damage);
  },
};

/** Ties save more, then go to the earlier group. None beyond what was sampled. */
function cheapest(steps: Iterable<Step>): Step | undefined {
  let best: (Step & { readonly rate: number }) | undefined;
  for (const step of steps) {
    if (!Number.isFinite(step.damage)) continue;
    // Behind a channel split a step may save nothing: the last resort.
    const rate = step.saved > 0 ? step.damage / step.saved : Number.POSITIVE_INFINITY;
    if (!best || rate < best.rate || (rate === best.rate && step.saved > best.saved))
      best = { ...step, rate };
  }
  return best;
}
