import { InputError } from '@espalier/errors';
import type { ChannelGroup, ChannelMap, Network } from '@espalier/network';
import type { Evidence, EvidenceRule } from '../evidence/evidence.ts';
import type { MemberScores } from './reduction.ts';

/** Ranks the units inside a group. */
export interface Criterion {
  /** With its reduction, where that is not the default: `l1:max`. */
  readonly name: string;
  /** One line, for help texts and forms. */
  readonly description: string;
  /** Another seed gives another ranking: its scores, or the images it uses, are drawn. Default false. */
  readonly drawsBySeed?: boolean;
  /** Its scores are made to be compared over the whole network, as they are. */
  readonly comparesAcrossGroups?: boolean;
  /** What it has to know beside the weights: to be gathered on images before anything is scored. */
  readonly evidence?: EvidenceRule;
  /** One score a unit, higher is more important. Throws an InputError where the group has nothing to score. */
  score(group: ChannelGroup, context: CriterionContext): Float64Array;
}

/**
 * A criterion that scores every member of a group by itself: its producers, or the BatchNorms after them. How these
 * scores become that of a unit is the reduction's matter.
 */
export interface MemberCriterion extends Omit<Criterion, 'score'> {
  /** Throws an InputError where the group has nothing to score. */
  members(group: ChannelGroup, context: CriterionContext): readonly MemberScores[];
}

export interface CriterionContext {
  readonly network: Network;
  readonly map: ChannelMap;
  /** For criteria that draw their scores. */
  readonly seed: number;
  /** For a criterion that asks for it. */
  readonly evidence?: Evidence | undefined;
}

/**
 * What was measured of a producer's filters.
 *
 * @throws {InputError} where nothing was
 */
export function evidenceOf({ evidence }: CriterionContext, criterion: string, node: string): Float64Array {
  if (!evidence)
    throw new InputError(`criterion ${criterion} needs training images: give a data set`, 'dataset');
  const values = evidence.get(node);
  if (!values) throw new Error(`nothing was measured of "${node}"`);
  return values;
}
