import { checkWeights, metricFor } from '@espalier/engines';
import {
  type Analysis,
  findCriterion,
  type Sampled,
  type SweepRequest,
  type SweepShard,
  sampleAdaptively,
  sampleEach,
  sampleShard,
  type Target,
  USUAL_SAMPLES,
} from '@espalier/pruning';
import type { Bench } from './bench.ts';
import { counting, type Observer } from './observer.ts';
import { type PrunePlan, samplesOf } from './plan.ts';
import type { Workplace } from './workplace.ts';

/** What a sweep is of and how it is measured: one analysis for each criterion. */
export function sweepRequest(
  { network, dataset, engine }: Bench,
  analyses: readonly [Analysis, ...Analysis[]],
  sampling: PrunePlan['sampling'],
  { home, derived = home, naive = false, fresh = false, tuning = {}, signal }: Workplace,
): SweepRequest {
  const [{ map, allowInexact }] = analyses;
  const { grid, skip, seed, weights } = sampling;
  const metric = metricFor(sampling.metric, network, dataset);
  checkWeights(network, weights, metric);
  const samples = samplesOf(sampling, dataset.splits.search.n);
  return {
    ...{ network, map, allowInexact, dataset, engine, grid, samples, skip, seed, naive, fresh, tuning },
    ...{ home: derived, metric, weights },
    criteria: analyses.map(({ criterion, rankings, cost }) => {
      return { criterion: findCriterion(criterion), rankings, cost };
    }),
    ...(signal ? { signal } : {}),
  };
}

/** Says so if there are fewer images than the usual number, which nobody asked for. */
export function sayFewer(
  sampling: PrunePlan['sampling'],
  { name, splits: { search } }: Bench['dataset'],
  { warning }: Observer,
): void {
  const samples = samplesOf(sampling, search.n);
  if (sampling.samples !== null || samples === USUAL_SAMPLES) return;
  const behind = sampling.skip > 0 ? ` after the first ${sampling.skip}` : '';
  warning?.(`sampling on ${samples} images, all that the search split of ${name} has${behind}`);
}

const WHAT = 'sampling';
const UNIT = 'image cells';

/** Runs a grid sampling: one run for each criterion, in one pass. */
export function sampleOn(
  bench: Bench,
  analyses: readonly [Analysis, ...Analysis[]],
  sampling: PrunePlan['sampling'],
  place: Workplace,
  observer: Observer,
): ReturnType<typeof sampleEach> {
  const onProgress = counting(observer, WHAT, UNIT);
  return sampleEach({ ...sweepRequest(bench, analyses, sampling, place), onProgress });
}

/** Measures one share of the images of a sweep by one criterion. */
export async function sampleShardOn(
  bench: Bench,
  analysis: Analysis,
  sampling: PrunePlan['sampling'],
  share: SweepShard['shard'],
  place: Workplace,
  observer: Observer,
): Promise<SweepShard> {
  const onProgress = counting(observer, `${WHAT} ${share.index}/${share.of}`, UNIT);
  const request = { ...sweepRequest(bench, [analysis], sampling, place), onProgress };
  const [shard] = await sampleShard(request, share);
  if (!shard) throw new Error('a sweep of one criterion gives one shard');
  return shard;
}

/**
 * Runs a sampling by one criterion, adaptively where the plan says so.
 *
 * @param targets what an adaptive sampling has to decide; default: the usual ones
 */
export async function sampleOne(
  bench: Bench,
  analysis: Analysis,
  sampling: PrunePlan['sampling'],
  place: Workplace,
  observer: Observer,
  targets?: readonly Target[],
): Promise<Sampled & { readonly measured?: number }> {
  if (sampling.adaptive) {
    const onProgress = counting(observer, WHAT, UNIT);
    const request = { ...sweepRequest(bench, [analysis], sampling, place), onProgress };
    return { ...(await sampleAdaptively(request, targets)), cached: 0 };
  }
  const { runs, ...rest } = await sampleOn(bench, [analysis], sampling, place, observer);
  const [run] = runs;
  if (!run) throw new Error('a sweep of one criterion gives one run');
  return { run, ...rest };
}
