import { InputError } from '@espalier/errors';
import type { ChannelGroup, KeptUnits } from '@espalier/network';
import { bnScale } from './bn-scale.ts';
import type { Criterion, CriterionContext, MemberCriterion } from './criterion.ts';
import { fpgm } from './fpgm.ts';
import { hrank } from './hrank.ts';
import { lamp } from './lamp.ts';
import { l1, l2 } from './norm.ts';
import { random } from './random.ts';
import { reconstruction } from './reconstruction.ts';
import { DEFAULT_REDUCTION, type Reduction, reduce, reductionNames } from './reduction.ts';
import { taylor } from './taylor.ts';

const criteria: readonly (Criterion | MemberCriterion)[] = [
  l1,
  l2,
  fpgm,
  bnScale,
  lamp,
  taylor,
  hrank,
  reconstruction,
  random,
];

export const criterionNames: readonly string[] = criteria.map(({ name }) => name);

/**
 * A criterion by its name, with the reduction over the members of a coupled group after a colon: `l1:max`. A plain
 * name is one with `sum`, and is what that is called.
 *
 * @throws {InputError} for a criterion or a reduction that there is not
 */
export function findCriterion(text: string): Criterion {
  const [name = '', ...rest] = text.split(':');
  const criterion = criteria.find((candidate) => candidate.name === name);
  if (!criterion) {
    throw new InputError(
      `there is no criterion "${name}"; the criteria are ${criterionNames.join(', ')}`,
      'criterion',
    );
  }
  if ('score' in criterion) {
    if (rest.length === 0) return criterion;
    throw new InputError(`criterion ${name} takes no reduction: give it as "${name}"`, 'criterion');
  }
  const reduction = rest.length === 0 ? DEFAULT_REDUCTION : findReduction(rest.join(':'), name);
  return reduced(criterion, reduction);
}

function findReduction(text: string, criterion: string): Reduction {
  const reduction = reductionNames.find((candidate) => candidate === text);
  if (reduction) return reduction;
  throw new InputError(
    `there is no reduction "${text}"; give the criterion as ${reductionNames.map((name) => `${criterion}:${name}`).join(', ')}, or "${criterion}" for the ${DEFAULT_REDUCTION}`,
    'criterion',
  );
}

function reduced({ members, name, ...criterion }: MemberCriterion, reduction: Reduction): Criterion {
  return {
    ...criterion,
    name: reduction === DEFAULT_REDUCTION ? name : `${name}:${reduction}`,
    score: (group, context) => reduce(members(group, context), group.width, reduction),
  };
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

/**
 * A ranking of which only the order is known: its scores say no more than that.
 *
 * @throws {InputError} unless each unit of the group is named once
 */
export function rankingOf(group: ChannelGroup, order: readonly number[]): Ranking {
  const scores = new Float64Array(group.width);
  order.forEach((unit, place) => {
    scores[unit] = group.width - place;
  });
  if (order.length !== group.width || scores.length !== group.width || scores.some((score) => !(score > 0))) {
    throw new InputError(
      `the sweep's order of group "${group.id}" does not name each of its ${group.width} units once`,
    );
  }
  return { group, scores, order };
}

/** The units that stay, ascending, when a group is narrowed to `width`. */
export function keptUnits(ranking: Ranking, width: number): number[] {
  return ranking.order.slice(0, width).sort((a, b) => a - b);
}

/** The same for each group, with the widths of all. */
export function keptOfEach(rankings: readonly Ranking[], widths: readonly number[]): KeptUnits[] {
  return rankings.map((ranking, g) => ({
    group: ranking.group.id,
    kept: keptUnits(ranking, widths[g] ?? ranking.group.width),
  }));
}
