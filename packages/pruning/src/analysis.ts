import { InputError } from '@espalier/errors';
import {
  type ChannelGroup,
  type ChannelMap,
  channelMap,
  type Network,
  prunableGroups,
} from '@espalier/network';
import { type CostModel, costModel, type DeviceTimes } from './cost-model.ts';
import { findCriterion, type Ranking, rank, rankingOf } from './criteria/index.ts';
import { type EvidenceSource, gatherEvidence } from './evidence/gather.ts';

/** What is known of a network before it is sampled. */
export interface Analysis {
  readonly map: ChannelMap;
  readonly allowInexact: boolean;
  /** Its name. */
  readonly criterion: string;
  /** Prunable groups in topological order. */
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
}

export interface AnalysisOptions {
  readonly criterion: string;
  readonly seed: number;
  readonly allowInexact?: boolean;
  /** The order that a sweep ranked the units in: they are ranked like that, whatever the criterion would say now. */
  readonly order?: readonly (readonly number[])[] | undefined;
  /** By which latency is known. */
  readonly profile?: DeviceTimes | undefined;
}

/**
 * Finds the channel groups, ranks their units and sets up the cost formula.
 *
 * @param source for a criterion that uses images
 * @throws {InputError} where no group can be pruned, the criterion has nothing to score, or it lacks its images
 */
export async function analyse(
  network: Network,
  { criterion: name, seed, allowInexact = false, order, profile }: AnalysisOptions,
  source?: EvidenceSource,
): Promise<Analysis> {
  const criterion = findCriterion(name);
  const map = channelMap(network, { allowInexact });
  const groups = prunableGroups(map);
  if (groups.length === 0) {
    throw noPrunableGroup(network, map);
  }
  const rankings = order ? rankedLike(groups, order) : await ranked();
  const cost = costModel(network, map, rankings, profile);
  return { map, allowInexact, criterion: criterion.name, rankings, cost };

  async function ranked(): Promise<Ranking[]> {
    const subject = { network, map, seed };
    const evidence = source && (await gatherEvidence(criterion, subject, source));
    return groups.map((group) => rank(criterion, group, { ...subject, evidence }));
  }
}

/** How many groups an error names one by one. */
const NAMED = 3;

export function noPrunableGroup({ name }: Network, { groups }: ChannelMap): InputError {
  const reasons = groups.slice(0, NAMED).map(({ id, reason }) => `${id}: ${reason}`);
  if (groups.length > NAMED) reasons.push(`${groups.length - NAMED} more`);
  return new InputError(
    `network "${name}" has no prunable group (${reasons.join('; ') || 'it has no channels to remove'})`,
    groups.some(({ inexact }) => inexact) ? 'sampling.allowInexact' : undefined,
  );
}

function rankedLike(groups: readonly ChannelGroup[], order: readonly (readonly number[])[]): Ranking[] {
  if (order.length !== groups.length) {
    throw new InputError(
      `the sweep has ${order.length} channel groups, the network ${groups.length}: it is of another network, or inexact pruning was allowed in one of them only`,
      'sampling.allowInexact',
    );
  }
  return groups.map((group, g) => rankingOf(group, order[g] ?? []));
}
