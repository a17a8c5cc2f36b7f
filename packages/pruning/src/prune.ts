import { InputError } from '@espalier/errors';
import {
  type ChannelMap,
  type Costs,
  cutNetwork,
  type KeptUnits,
  mapCosts,
  type Network,
  networkHash,
  type TensorCut,
} from '@espalier/network';
import { dropSamples } from './allocation/drop-samples.ts';
import { checkReachable, findAllocation } from './allocation/index.ts';
import {
  type AllocationProblem,
  checkLimits,
  type Structure,
  usefulLadders,
  type WidthLimits,
  widthLadder,
} from './allocation/problem.ts';
import { costOf, type Target } from './allocation/target.ts';
import type { CostModel } from './cost-model.ts';
import { keptOfEach, type Ranking } from './criteria/index.ts';
import type { SamplingRun } from './sampling/run.ts';

export interface PruneRequest {
  readonly network: Network;
  readonly map: ChannelMap;
  /** Prunable groups in topological order. */
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
  readonly criterion: string;
  readonly allocation: string;
  readonly target: Target;
  readonly limits: WidthLimits;
  readonly sweep?: SamplingRun;
  /** Seed of an allocation that draws, such as `random`. Default 0. */
  readonly seed?: number;
}

/** What is left of a channel group. */
interface PrunedGroup extends KeptUnits {
  /** Units. */
  readonly before: number;
  readonly after: number;
  /** What its cut alone saves, every other group being whole: the savings of all groups overlap. */
  readonly alone: Costs;
}

export interface Pruned {
  readonly network: Network;
  /** In topological order. */
  readonly structure: readonly PrunedGroup[];
  /** Every shortened weight tensor, so that the cut can be redone elsewhere. */
  readonly cuts: readonly TensorCut[];
  readonly search: Structure;
}

/** Searches the structure for the target and cuts it out. Throws an InputError for a target out of reach. */
export function prune(request: PruneRequest): Pruned {
  return cutOut(request, searchStructure(request));
}

/** The structure for the target. Throws an InputError for one out of reach. */
export function searchStructure(request: PruneRequest): Structure {
  const problem = allocationProblem(request);
  checkReachable(problem);
  return findAllocation(request.allocation).allocate(problem);
}

/** Cuts a structure out of the network. */
export function cutOut(
  { network, map, rankings, cost }: Pick<PruneRequest, 'network' | 'map' | 'rankings' | 'cost'>,
  search: Structure,
): Pruned {
  const structure = prunedGroups({ rankings, cost }, keptOfEach(rankings, search.widths));
  return { ...cutNetwork(network, map, structure), structure, search };
}

/** @param left what stays of each ranked group */
export function prunedGroups(
  { rankings, cost }: Pick<PruneRequest, 'rankings' | 'cost'>,
  left: readonly KeptUnits[],
): PrunedGroup[] {
  const whole = rankings.map(({ group }) => group.width);
  return left.map(({ group, kept }, g) => {
    const after = kept.length;
    return { group, before: whole[g] ?? 0, after, alone: savedAlone(cost, whole, g, after), kept };
  });
}

function savedAlone({ base, cost }: CostModel, whole: readonly number[], g: number, width: number): Costs {
  const cut = cost(whole.with(g, width));
  return mapCosts(base, (own, metric) => own - costOf(cut, metric));
}

/** What the allocation has to use; also good for asking what is reachable before anything is sampled. */
export function allocationProblem(request: Omit<PruneRequest, 'allocation'>): AllocationProblem {
  const { rankings, cost, target, limits, sweep, seed = 0 } = request;
  const ids = rankings.map(({ group }) => group.id);
  checkLimits(limits, ids);
  const ladders = usefulLadders(
    { cost, target },
    rankings.map(({ group }) => widthLadder(group.width, group.id, limits)),
  );
  if (!sweep) return { rankings, cost, target, ladders, seed };
  checkSweep(request, sweep, ids);
  const samples = dropSamples({ ...sweep, baseLoss: sweep.baseline.loss });
  return { rankings, cost, target, ladders, samples, seed };
}

/** A sweep of another network or criterion says nothing about this one. */
function checkSweep(
  { network, criterion }: Omit<PruneRequest, 'allocation'>,
  sweep: SamplingRun,
  ids: readonly string[],
): void {
  if (sweep.network.hash !== networkHash(network)) {
    throw new InputError(
      `the sweep is of another network ("${sweep.network.name}"), not of "${network.name}"`,
    );
  }
  if (sweep.criterion !== criterion) {
    throw new InputError(
      `the sweep was made with criterion ${sweep.criterion}, not ${criterion}`,
      'criterion',
    );
  }
  const differs = sweep.groups.length !== ids.length || sweep.groups.some(({ id }, g) => id !== ids[g]);
  if (differs)
    throw new InputError(
      'the sweep has other channel groups: inexact pruning must be allowed in both or in neither',
      'sampling.allowInexact',
    );
}
