import { COST_FACTS } from '@espalier/network';
import { pricesOf } from '../cost-model.ts';
import type { Search } from './allocation.ts';
import { countWhile } from './count-while.ts';
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
import { quickened } from './staircase.ts';
import { Standpoint, type Step } from './standpoint.ts';
import { costOf } from './target.ts';

/**
 * Finds the structure of the smallest threshold that reaches a target. Widths only change at the `candidates`, so
 * searching these is exact. Where wider never costs less it is found by bisection, and else by looking at one structure
 * after the other, from the widest on.
 *
 * @param removed how many units of `whole` a group gives at a threshold; none may give fewer as that grows
 * @param damage steps are given back by it at the end: see `giveBack`
 */
export function smallest(
  problem: AllocationProblem,
  candidates: readonly number[],
  removed: (threshold: number, whole: number, group: number) => number,
  damage?: readonly Float64Array[],
): Search {
  const thresholds = [...new Set([0, ...candidates])].sort((a, b) => a - b);
  const path: Path = {
    thresholds,
    widthsAt: (index) =>
      withoutUnits(problem, (whole, group) => removed(thresholds[index] ?? 0, whole, group)),
  };
  const isMonotone = COST_FACTS[problem.target.metric].risesWithWidth;
  const find = isMonotone ? bisected(problem, path) : stepped(problem, path);
  return (target) => {
    const aimed = { ...problem, target };
    const found = find(aimed);
    if (damage) return giveBack(aimed, found, damage);
    const widths = isMonotone ? found.widths : widened(aimed, found.widths);
    return structureOf(aimed, widths, found.trace);
  };
}

/** Structures by ascending thresholds: none has a wider group than one before it. */
interface Path {
  readonly thresholds: readonly number[];
  widthsAt(index: number): number[];
}

interface Found {
  readonly threshold: number;
  readonly widths: readonly number[];
  readonly trace: readonly SearchStep[];
}

/** A structure of the path, and what it saves: the same for every target. */
type Probe = Omit<Found, 'trace'> & { readonly saved: number };

function bisected(problem: AllocationProblem, { thresholds, widthsAt }: Path) {
  const probed = remembered((index): Probe => {
    const widths = widthsAt(index);
    return { threshold: thresholds[index] ?? 0, widths, saved: saving(problem, widths) };
  });
  return (aimed: AllocationProblem): Found => {
    const trace: SearchStep[] = [];
    const probe = (index: number) => {
      const found = probed(index);
      const { threshold, saved, widths } = found;
      trace.push({ threshold, saving: saved, widths, kind: 'bisect' });
      return found;
    };
    let high = thresholds.length - 1;
    let best = probe(high);
    if (!reaches(aimed, best.saved)) throw unreachable(aimed, best.saved);
    let low = 0;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const here = probe(middle);
      if (reaches(aimed, here.saved)) {
        best = here;
        high = middle;
      } else low = middle + 1;
    }
    return { threshold: best.threshold, widths: best.widths, trace };
  };
}

/**
 * The first structure that reaches the target; where none does, the first one that does with groups raised to wider
 * widths that are faster. The trace has those that save more than all before them.
 */
function stepped(problem: AllocationProblem, path: Path) {
  const structureAt = distinct(path);
  const ways = [(widths: readonly number[]) => widths, raise].map((way) =>
    remembered((place): Probe | undefined => {
      const structure = structureAt(place);
      if (!structure) return undefined;
      const widths = way(structure.widths);
      return { threshold: structure.threshold, widths, saved: saving(problem, widths) };
    }),
  );
  return (aimed: AllocationProblem): Found => {
    const trace: SearchStep[] = [];
    let most = Number.NEGATIVE_INFINITY;
    for (const probed of ways) {
      for (let place = 0; ; place++) {
        const made = probed(place);
        if (!made) break;
        const { threshold, widths, saved } = made;
        if (saved <= most) continue;
        most = saved;
        trace.push({ threshold, saving: saved, widths, kind: 'bisect' });
        if (reaches(aimed, saved)) return { threshold, widths, trace };
      }
    }
    throw unreachable(aimed, most);
  };

  function raise(widths: readonly number[]): number[] {
    return quickened(problem.ladders, widths, pricesOf(problem.cost, problem.target.metric));
  }
}

/**
 * The path without repetitions, as far as it was asked for; undefined after its end. Where it goes on from a structure
 * is found by bisection: widths do not rise again.
 */
function distinct({ thresholds, widthsAt }: Path) {
  const structures: { readonly threshold: number; readonly widths: readonly number[] }[] = [];
  let index = 0;
  return (place: number) => {
    while (structures.length <= place && index < thresholds.length) {
      const [from, widths] = [index, widthsAt(index)];
      structures.push({ threshold: thresholds[from] ?? 0, widths });
      const isSame = (at: number) => widthsAt(at).every((width, g) => width === widths[g]);
      index += 1 + countWhile(thresholds.length - from - 1, (more) => isSame(from + 1 + more));
    }
    return structures[place];
  };
}

function remembered<T>(work: (index: number) => T): (index: number) => T {
  const known = new Map<number, T>();
  return (index) => {
    const before = known.get(index);
    if (before !== undefined) return before;
    const made = work(index);
    known.set(index, made);
    return made;
  };
}

/** With groups raised to the widest widths that take no more time: more units for nothing. */
function widened(problem: AllocationProblem, start: readonly number[]): readonly number[] {
  const prices = pricesOf(problem.cost, problem.target.metric);
  const around = prices.from(start);
  let [widths, before] = [start, prices.of(start)];
  for (const [g, ladder] of problem.ladders.entries()) {
    const costs = around.along(g);
    const wider = ladder.find((width) => width > (widths[g] ?? 1) && costs(width) <= before);
    if (wider === undefined) continue;
    before = costs(wider);
    around.move(g, wider);
    widths = widths.with(g, wider);
  }
  return widths;
}

/**
 * A search jumps: many groups move at the same threshold. Giving back restores, one step at a time, the
 * step that lowers the predicted drop most per MAC (or parameter, or millisecond) restored, as long as the target stays
 * met; ties go to the earlier group.
 */
export function giveBack(
  problem: AllocationProblem,
  found: Found,
  damage: readonly Float64Array[],
): Structure {
  const { threshold } = found;
  const trace = [...found.trace];
  const whole = costOf(problem.cost.base, problem.target.metric);
  const standpoint = new Standpoint(problem, found.widths);
  for (;;) {
    let best: { step: Step; gain: number; left: number } | undefined;
    for (const step of standpoint.steps(damage, -1)) {
      const left = 1 - step.cost / whole;
      if (!reaches(problem, left)) continue;
      const gain = step.saved < 0 ? step.damage / step.saved : Number.POSITIVE_INFINITY;
      if (!best || gain > best.gain) best = { step, gain, left };
    }
    if (!best) return structureOf(problem, standpoint.widths, trace);
    standpoint.take(best.step);
    trace.push({ threshold, saving: best.left, widths: standpoint.widths, kind: 'give-back' });
  }
}
