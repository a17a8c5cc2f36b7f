import { prepared } from './allocation.ts';
import { predictedDamage, sampledWidths } from './damage.ts';
import {
  type AllocationProblem,
  cheapestWidths,
  reaches,
  type SearchStep,
  saving,
  unreachable,
} from './problem.ts';
import { giveBack } from './search.ts';
import { Standpoint, type Step } from './standpoint.ts';

/** The trace has a step whenever the saving has grown by so much. */
const TRACED_EVERY = 0.01;

/**
 * One block of channels at a time, always the one whose removal raises the predicted drop least per MAC (or
 * parameter) that it saves, until the target is met; then steps are given back. Over the same samples as CIE, whose
 * drops it adds up as if groups did not touch one another. In the manner of Yang, Howard, Chen, Zhang, Go, Sandler,
 * Sze, Adam, "NetAdapt", ECCV 2018, which measures every step again.
 */
export const greedy = prepared(
  {
    name: 'greedy',
    description: 'channel by channel, always the one with the smallest drop per MAC saved',
    sampling: 'shared',
  },
  (problem) => {
    const damage = predictedDamage(problem, 'greedy');
    const path = takenPath(problem, damage);
    return (target) => {
      const aimed = { ...problem, target };
      const trace: SearchStep[] = [];
      let [widths, saved, threshold]: [readonly number[], number, number] = [path.whole, 0, 0];
      for (let place = 0; !reaches(aimed, saved); place++) {
        const step = path.step(place);
        // Steps that each save something may lead past the fastest structure.
        widths = step?.widths ?? cheapestWidths(problem, sampledWidths(problem, damage));
        saved = step?.saving ?? saving(problem, widths);
        if (!step && !reaches(aimed, saved)) throw unreachable(aimed, saved);
        threshold += step?.damage ?? 0;
        const told = trace.at(-1)?.saving ?? 0;
        if (saved - told >= TRACED_EVERY || reaches(aimed, saved)) {
          trace.push({ threshold, saving: saved, widths, kind: 'take' });
        }
      }
      return giveBack(aimed, { threshold, widths, trace }, damage);
    };
  },
);

interface Taken {
  readonly widths: readonly number[];
  readonly damage: number;
  readonly saving: number;
}

/** The steps from the whole network on, which are the same for every target: as far as they were asked for. */
function takenPath(problem: AllocationProblem, damage: readonly Float64Array[]) {
  const whole = problem.ladders.map(([width = 1]) => width);
  const standpoint = new Standpoint(problem, whole);
  const steps: Taken[] = [];
  let isOver = false;
  return {
    whole,
    /** undefined after the last one. */
    step(place: number): Taken | undefined {
      while (!isOver && steps.length <= place) {
        const step = cheapest(standpoint.steps(damage, 1));
        if (!step) {
          isOver = true;
          break;
        }
        standpoint.take(step);
        const { widths } = standpoint;
        steps.push({ widths, damage: step.damage, saving: saving(problem, widths) });
      }
      return steps[place];
    },
  };
}

/** Ties save more, then go to the earlier group. None beyond what was sampled. */
function cheapest(steps: Iterable<Step>): Step | undefined {
  let best: (Step & { readonly rate: number }) | undefined;
  for (const step of steps) {
    if (!Number.isFinite(step.damage)) continue;
    // After a channel split a step may save nothing: the last resort.
    const rate = step.saved > 0 ? step.damage / step.saved : Number.POSITIVE_INFINITY;
    if (!best || rate < best.rate || (rate === best.rate && step.saved > best.saved))
      best = { ...step, rate };
  }
  return best;
}
