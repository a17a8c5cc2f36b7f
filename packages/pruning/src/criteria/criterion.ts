import type { ChannelGroup, ChannelMap, Network } from '@espalier/network';
import type { MemberScores } from './reduction.ts';

/** Ranks the units inside a group. */
export interface Criterion {
  /** With its reduction, where that is not the default: `l1:max`. */
  readonly name: string;
  /** Its scores are made to be compared over the whole network, as they are. */
  readonly comparesAcrossGroups?: boolean;
  /** One score a unit, higher is more important. Throws an InputError where the group has nothing to score. */
  score(group: ChannelGroup, context: CriterionContext): Float64Array;
}

/**
 * A criterion that scores every member of a group by itself: its producers, or the BatchNorms behind them. How these
 * scores become that of a unit is the reduction's matter.
 */
export interface MemberCriterion extends Omit<Criterion, 'score'> {
  /** Throws an InputError where the group has nothing to score. */
  members(group: ChannelGroup, context: CriterionContext): readonly MemberScores[];
}

export interface CriterionContext {
  readonly network: Network;
  readonly map: ChannelMap;
  /** Only `random` draws from it. */
  readonly seed: number;
}
