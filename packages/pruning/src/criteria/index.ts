import { type ChannelGroup, type ChannelMap, InputError, type Network } from '@espalier/network';
import { bnScale } from './bn-scale.ts';
import { fpgm } from './fpgm.ts';
import { lamp } from './lamp.ts';
import { l1, l2 } from './norm.ts';
import { random } from './random.ts';

/** Ranks the units inside a group. */
export interface Criterion {
  readonly name: string;
  /** Its scores are made to be compared over the whole network, as they are. */
  readonly comparesAcrossGroups?: boolean;
  /** One score a unit, higher is more important. Throws an InputError where the group has nothing to score. */
  score(group: ChannelGroup, context: CriterionContext): Float64Array;
}

export interface CriterionContext {
  readonly network: Network;
  readonly map: ChannelMap;
  /** Only `random` draws from it. */
  readonly seed: number;
}

const criteria: readonly Criterion[] = [l1, l2, fpgm, bnScale, lamp, random];

export const criterionNames: readonly string[] = criteria.map(({ name }) => name);

export function findCriterion(name: string): Criterion {
  const criterion = criteria.find((candidate) => candidate.name === name);
  if (!criterion) {
    throw new InputError(`there is no criterion "${name}"; the criteria are ${criterionNames.join(', ')}`);
  }
  return criterion;
}

/** The units of one group from the most to the least important: a width of w keeps the first w. */
export interface Ranking {
  readonly group: ChannelGroup;
  readonly scores: Float64Array;
  readonly order: readonly number[];
  /** See {@link Criterion}. Default false. */
  readonly comparesAcrossGroups?: boolean;
}

/** Ties remove the higher index first. */
export function rank(criterion: Criterion, group: ChannelGroup, context: CriterionContext): Ranking {
  const scores = criterion.score(group, context);
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return { group, scores, order, comparesAcrossGroups: criterion.comparesAcrossGroups ?? false };
}

/** The units that stay, ascending, when a group is narrowed to `width`. */
export function keptUnits(ranking: Ranking, width: number): number[] {
  return ranking.order.slice(0, width).sort((a, b) => a - b);
}
