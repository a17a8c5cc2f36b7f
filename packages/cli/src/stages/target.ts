import type { Network } from '@espalier/network';
import {
  type Analysis,
  allocationProblem,
  checkReachable,
  findAllocation,
  type SamplingRun,
  type Target,
  unitsRemoved,
  type WidthLimits,
} from '@espalier/pruning';

/** A target, the strategy that is to meet it, and the bounds it has to keep. */
export interface Goal {
  readonly target: Target;
  readonly allocation: string;
  readonly limits: WidthLimits;
  /** Of the allocation `random`. */
  readonly seed: number;
}

/**
 * Says before anything is sampled whether a target can be reached, and what can be: by the limits on the
 * widths, and for an allocation that goes by samples by the largest ratio of the grid. Throws an InputError.
 */
export function checkTarget(
  network: Network,
  { map, rankings, cost, criterion }: Analysis,
  { target, limits, allocation: name, seed }: Goal,
  sweep: {
    readonly given: SamplingRun | undefined;
    readonly grid: readonly number[];
    /** Each one goes as far as its own samples go. */
    readonly rounds?: number | undefined;
  },
): void {
  const { given, grid, rounds } = sweep;
  const request = { network, map, rankings, cost, criterion, target, limits, seed };
  const problem = allocationProblem(given ? { ...request, sweep: given } : request);
  checkReachable(problem);
  const allocation = findAllocation(name);
  if (given || rounds !== undefined || allocation.sampling !== 'shared') return;
  // As if no sample showed any drop: then an allocation goes as far as the samples go.
  const samples = rankings.map(({ group }) =>
    grid.map((ratio) => ({ removed: unitsRemoved(ratio, group.width), drop: 0 })),
  );
  allocation.allocate({ ...problem, samples });
}
