import { samplePermutation } from '@espalier/datasets';
import { metricFor, recipeHash, type Training } from '@espalier/engines';
import type { DeviceProfile } from '@espalier/latency';
import type { Network } from '@espalier/network';
import {
  type Analysis,
  approach,
  cutOut,
  type Pruned,
  pruneInRounds,
  type Round,
  repairImages,
  type SamplingRun,
  searchStructure,
  type Target,
} from '@espalier/pruning';
import { analyseOn, type Bench, tested } from './bench.ts';
import type { LatencyWatch } from './latency.ts';
import { counting, type Observer } from './observer.ts';
import { type PrunePlan, samplesOf, samplingOf } from './plan.ts';
import type { Tested } from './quality.ts';
import { type Repair, type RepairedCut, type RepairStore, repairOnce } from './repair.ts';
import { type RecoverySummary, type SamplingSummary, samplingSummary } from './result.ts';
import { sampleOne } from './sampling.ts';
import type { StageClock } from './stages.ts';
import { trainOn } from './training.ts';
import type { Workplace } from './workplace.ts';

/** What a cut uses, and where it is made. */
export interface Cutting {
  readonly plan: PrunePlan;
  readonly target: Target;
  readonly network: Network;
  readonly analysis: Analysis;
  /** null if there is no device profile. */
  readonly watch: LatencyWatch | null;
  /** Its times. */
  readonly profile: DeviceProfile | undefined;
  /** null if there are no images. */
  readonly bench: Bench | null;
  /** Made before; otherwise an allocation that uses samples makes its own. */
  readonly sweep: SamplingRun | undefined;
  readonly repairs: RepairStore | undefined;
  /** Whose outputs recoveries that distil learn. */
  readonly teacher: Network;
  readonly place: Workplace;
  readonly observer: Observer;
  readonly clock: StageClock;
}

export interface Cut {
  /** As it was cut. */
  readonly pruned: Pruned;
  /** null if it was not repaired. */
  readonly repaired: Repair | null;
  readonly sampling: SamplingSummary | null;
  readonly rounds: readonly Round[] | null;
  /** After which rounds. To be forgotten once the result is safe: until then whoever repeats goes on after them. */
  readonly recoveries: readonly { readonly round: number; readonly training: Training }[];
}

/** Samples where that is needed and nothing is given, searches and cuts; all of that again in each round. */
export async function cutByPlan(cutting: Cutting): Promise<Cut> {
  const { plan, target, network, analysis, watch, bench, place, observer, clock } = cutting;
  const how = samplingOf(plan);
  if (how === 'rounds') return cutInRounds(cutting);
  let { sweep } = cutting;
  let cached: number | null = null;
  if (!sweep && how === 'shared' && bench) {
    clock.enter('sampling');
    ({ run: sweep, cached } = await sampleOne(bench, analysis, plan.sampling, place, observer, [target]));
  }
  clock.enter('searching');
  const { allocation, limits, seed } = plan;
  const goal = { network, ...analysis, allocation, limits, seed, ...(sweep ? { sweep } : {}) };
  const judge = watch?.judge(target);
  const pruned = await approach(
    target,
    (aim) => {
      const structure = searchStructure({ ...goal, target: aim });
      if (!judge) clock.enter('cutting');
      return { made: cutOut(goal, structure), achieved: structure.achieved };
    },
    judge && ((made) => judge(made.network)),
  );
  if (judge) clock.enter('cutting');
  const sampling = sweep ? samplingSummary(sweep, cached) : null;
  const repair = repairerOf(cutting);
  const repaired =
    (await repair?.({
      base: network,
      map: analysis.map,
      structure: pruned.structure,
      cut: pruned.network,
    })) ?? null;
  return { pruned, repaired, sampling, rounds: null, recoveries: [] };
}

/** Repairs what was cut; undefined where that is not asked for. */
function repairerOf({ plan, bench, repairs, place, observer, clock }: Cutting) {
  if (!bench) return undefined;
  const { seed } = plan;
  const { name, splits } = bench.dataset;
  const images = repairImages(plan, splits.train.n);
  if (images === 0) {
    const isUsual = plan.repair === null && plan.recalibrate === null;
    if (isUsual)
      observer.warning?.(
        `not repaired: the training split of ${name} has ${splits.train.n === 1 ? 'only one image' : 'no images'}`,
      );
    return undefined;
  }
  return (cut: RepairedCut): Promise<Repair> => {
    clock.enter('repairing');
    return repairOnce(repairs, bench, cut, { images, seed }, place, observer);
  };
}

async function cutInRounds(cutting: Cutting): Promise<Cut> {
  const { plan, target, network, analysis, watch, profile, bench, teacher, place, observer, clock } = cutting;
  const { allocation, limits, criterion, seed, rounds, recovery, sampling } = plan;
  const judge = watch?.judge(target);
  if (!bench || rounds === null) throw new Error('rounds need images, and a number of them');
  const { dataset } = bench;
  const { n } = dataset.splits.search;
  const end = sampling.skip + samplesOf(sampling, n);
  const indices = samplePermutation(n, sampling.seed).subarray(sampling.skip, end);
  const metric = metricFor(sampling.metric, network, dataset);
  const judging = { base: network, metric, weights: sampling.weights };
  const recoveries: { round: number; training: Training }[] = [];
  const repair = repairerOf(cutting);
  let repaired: Repair | null = null;
  let cached = 0;
  const found = await pruneInRounds(
    { network, analysis, allocation, limits, target, rounds },
    {
      analyse(left) {
        clock.enter('sampling');
        const { allowInexact } = analysis;
        const options = { criterion, seed, allowInexact, profile };
        return analyseOn({ ...bench, network: left }, options, place, observer);
      },
      async sample(left, ranked, own) {
        clock.enter('sampling');
        const sampled = await sampleOne({ ...bench, network: left }, ranked, sampling, place, observer, [
          own,
        ]);
        cached += sampled.cached;
        return sampled.run;
      },
      onStep: (step) => clock.enter(step),
      ...(judge ? { measured: judge } : {}),
      ...(repair
        ? {
            async repair(cut: RepairedCut) {
              repaired = await repair(cut);
              return repaired.network;
            },
          }
        : {}),
      async score(left, at) {
        // What a round begins with is a part of its sampling, which has just been made.
        if (at === 'after') clock.enter('evaluating');
        const onProgress = counting(observer, 'evaluating the round');
        return roundQuality(
          await tested(bench, left, 'search', { indices, signal: place.signal, onProgress }, judging),
        );
      },
      ...(recovery
        ? {
            async recover(left: Network, round: number) {
              clock.enter('finetuning');
              const phase = {
                what: `recovering from round ${round}`,
                recipe: recovery,
                round,
                seed,
                teacher,
              };
              const training = await trainOn({ ...bench, network: left }, phase, place, observer);
              recoveries.push({ round, training });
              return training.network;
            },
          }
        : {}),
      onRound: (round) => observer.round?.(round, rounds),
    },
  );
  const { sampling: first, rounds: told, ...pruned } = found;
  return { pruned, repaired, sampling: samplingSummary(first, cached), rounds: told, recoveries };
}

function roundQuality({ top1, top5, loss, n, values }: Tested): Round['after'] {
  return { top1, top5, loss, n: n ?? 0, ...(values ? { values } : {}) };
}

/** How the network was trained between the rounds; null if it was not. */
export function recoverySummary(
  { recovery }: PrunePlan,
  recoveries: Cut['recoveries'],
): RecoverySummary | null {
  if (!recovery) return null;
  const trainings = recoveries.map(({ round, training: { steps, epochs } }) => ({ round, steps, epochs }));
  return { recipe: recovery, recipeHash: recipeHash(recovery), trainings };
}
