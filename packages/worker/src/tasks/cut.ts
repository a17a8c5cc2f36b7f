import { samplePermutation } from '@espalier/datasets';
import { evaluate } from '@espalier/engines';
import {
  type Analysis,
  findAllocation,
  findCriterion,
  type Pruned,
  prune,
  pruneInRounds,
  type Round,
  roundsOf,
  sample,
} from '@espalier/pruning';
import { analyse, type Bench } from './bench.ts';
import type { RunTask, TaskReports } from './task.ts';

/**
 * Searches the structure for a run's target and cuts it out: by the sampling that the run goes by, by none, or in
 * rounds that sample by themselves. What these have sampled is in the home: an attempt that follows goes on from there.
 */
export async function cutToTarget(
  bench: Bench,
  task: RunTask,
  reports: TaskReports,
  signal: AbortSignal,
): Promise<Pruned & { readonly rounds?: readonly Round[] }> {
  const { network } = bench;
  const { target, allocation, sweep, criterion, seed } = task;
  const { allowInexact = false, order } = sweep ?? {};
  // Units that were drawn for the sampling are the ones that it says something of.
  const drawnBy = sweep?.seed ?? seed;
  const options = { criterion, seed: drawnBy, allowInexact, order };
  const analysis = await analyse(bench, options, task, signal);
  const request = { network, ...analysis, target, allocation, seed, limits: {} };
  const rounds = roundsOf(findAllocation(allocation));
  if (rounds !== undefined) return inRounds(bench, task, { analysis, rounds }, reports, signal);
  return prune(sweep ? { ...request, sweep } : request);
}

function inRounds(
  bench: Bench,
  { target, allocation, criterion, seed, home, sampling }: RunTask,
  { analysis, rounds }: { readonly analysis: Analysis; readonly rounds: number },
  reports: TaskReports,
  signal: AbortSignal,
): Promise<Pruned & { readonly rounds: readonly Round[] }> {
  const { network, dataset, engine } = bench;
  const { grid, samples, skip = 0, seed: drawnBy } = sampling;
  const indices = samplePermutation(dataset.splits.search.n, drawnBy).subarray(skip, skip + samples);
  const request = { network, analysis, target, allocation, limits: {}, rounds };
  return pruneInRounds(request, {
    analyse: (left) => analyse({ ...bench, network: left }, { criterion, seed }, { home }, signal),
    async sample(left, { map, rankings, cost, allowInexact }) {
      const { run } = await sample({
        ...{ network: left, map, rankings, cost, allowInexact, dataset, engine, home, grid, samples, skip },
        criterion: findCriterion(criterion),
        seed: drawnBy,
        // The worker's processes are what fills the cores.
        tuning: { processes: 1 },
        onProgress: ({ done, total }) => reports.progress(done, total),
        signal,
      });
      return run;
    },
    score: (left) => evaluate(engine, left, dataset, 'search', { indices, signal }),
  });
}
