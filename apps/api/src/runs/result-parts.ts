// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { STAGES, type Stage } from '@espalier/pipeline';
import type { ResultProvenance, RunEventData, StoredColumns, StoredRound } from '@espalier/runs';
import { GraphQLBigInt } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { RecipeType, shownRecipe } from '../experiments/recipe-type.ts';
import { enumType } from '../graphql/enums.ts';
import type { Nulled } from '../graphql/nulled.ts';
import { EpochType } from './epoch-type.ts';

// What is in the JSON columns of a result, as GraphQL tells it. Each function takes what the column's type says
// (packages/runs/src/columns.ts): a change there does not compile before it is made here, too.

type Stored = StoredColumns['PrunedResult'];

@ObjectType('GroupSaving', { description: 'Savings by the cut of one group.' })
class GroupSavingType {
  @Field(() => GraphQLBigInt)
  params!: number;

  @Field(() => GraphQLBigInt)
  macs!: number;
}

@ObjectType('PrunedGroup', { description: 'What remains of a channel group after the cut.' })
export class PrunedGroupType {
  @Field(() => String, { description: 'The name of the group in its model.' })
  group!: string;

  @Field(() => Int, { description: 'Its units in the unpruned network.' })
  before!: number;

  @Field(() => Int)
  after!: number;

  @Field(() => [Int], {
    description:
      'The units that are left, by their index in the unpruned network; empty where only how many there are is known of an imported network.',
  })
  kept!: readonly number[];

  @Field(() => GroupSavingType, {
    nullable: true,
    description: 'Savings by its cut if every other group stays whole; null for old results.',
  })
  savedAlone!: GroupSavingType | null;
}

export function shownGroups(structure: Stored['structure'] | null): PrunedGroupType[] | null {
  return (
    structure?.map(({ alone, kept = [], ...group }) => ({ ...group, kept, savedAlone: alone ?? null })) ??
    null
  );
}

const SearchStepKindEnum = enumType<Stored['trace'][number]['kind']>(
  'SearchStepKind',
  ['bisect', 'take', 'give-back'],
  'A probe of the bisection, a step of the greedy search, or units given back afterwards.',
);

@ObjectType('SearchStep', { description: 'A probe of the search.' })
export class SearchStepType {
  @Field(() => Float, {
    nullable: true,
    description:
      'The value that was searched: a tolerance, a multiplier, a ratio, a number of units. Null: no bound.',
  })
  threshold!: number | null;

  @Field(() => Float, { description: "Share of the target's metric that is saved." })
  saving!: number;

  @Field(() => [Int], { description: 'Units that each group keeps, in the order of the groups.' })
  widths!: readonly number[];

  @Field(() => SearchStepKindEnum)
  kind!: Stored['trace'][number]['kind'];

  @Field(() => Int, { nullable: true, description: 'From 1; null if everything was cut in one step.' })
  round!: number | null;
}

export function shownTrace(trace: Stored['trace'] | null): SearchStepType[] | null {
  return trace?.map((step) => ({ round: null, ...step })) ?? null;
}

@ObjectType('Quality', { description: 'Quality on the images that were sampled. Null: not measured.' })
class QualityType {
  @Field(() => Float, { nullable: true, description: 'Null without labels.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes, and if it was not kept.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats; null if it is not a number.' })
  loss!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Error of the outputs against the unpruned network; null if outputs were not compared.',
  })
  fidelity!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null if outputs were not compared.' })
  agreement!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Nats; null if outputs were not compared, or are no probabilities.',
  })
  kl!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Similarity of vectors; null if outputs were not compared, or are no vectors.',
  })
  cosine!: number | null;

  @Field(() => Int, { nullable: true, description: 'Null if it was not kept.' })
  images!: number | null;
}

@ObjectType('RoundGroup', { description: 'Units of a channel group in a round.' })
class RoundGroupType implements Nulled<NonNullable<StoredRound['structure']>[number]> {
  @Field(() => String)
  group!: string;

  @Field(() => Int)
  before!: number;

  @Field(() => Int)
  after!: number;
}

@ObjectType('PruningRound', {
  description: 'One of several cuts. Null values were not kept at the time.',
})
export class PruningRoundType {
  @Field(() => Int, { description: 'From 1.' })
  round!: number;

  @Field(() => Float, {
    nullable: true,
    description: "Share of the run's metric that was to be gone after it, in all.",
  })
  share!: number | null;

  @Field(() => Float, { description: 'Share of the params of the unpruned network that was gone after it.' })
  savedParams!: number;

  @Field(() => Float, { description: 'Share of the MACs of the unpruned network that was gone after it.' })
  savedMacs!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The same of its time, by the device profile; null without one.',
  })
  savedLatency!: number | null;

  @Field(() => [RoundGroupType], { nullable: true, description: 'All groups of the unpruned network.' })
  groups!: readonly RoundGroupType[] | null;

  @Field(() => QualityType, { nullable: true, description: 'Quality of the network that it began with.' })
  before!: QualityType | null;

  @Field(() => QualityType, {
    nullable: true,
    description: 'Quality of the network after the cut and, if asked for, the repair; before any training.',
  })
  after!: QualityType | null;
}

export function shownRounds(rounds: Stored['rounds']): PruningRoundType[] | null {
  return rounds?.map(shownRound) ?? null;
}

export function shownRound(stored: StoredRound | RunEventData['round']): PruningRoundType {
  const { round, target, achieved, structure, before, after } = stored;
  return {
    ...{ round, share: target?.share ?? null, groups: structure ?? null },
    ...{ savedParams: achieved.params, savedMacs: achieved.macs, savedLatency: achieved.latency ?? null },
    before: shownQuality(before ?? ('baseline' in stored ? stored.baseline : undefined)),
    after: shownQuality(after),
  };
}

type Scores = NonNullable<StoredRound['before' | 'baseline'] | RunEventData['round']['before']>;

function shownQuality(scores: Scores | undefined): QualityType | null {
  if (scores === undefined) return null;
  const { top1, loss } = scores;
  const values = ('values' in scores && scores.values) || {};
  const { fidelity = null, agreement = null, kl = null, cosine = null } = values;
  return {
    ...{ top1, loss, fidelity, agreement, kl, cosine },
    ...('n' in scores ? { top5: scores.top5, images: scores.n } : { top5: null, images: null }),
  };
}

type StoredRecovery = NonNullable<Stored['recovery']>;

@ObjectType('RecoveryTraining', { description: 'A training between two rounds.' })
class RecoveryTrainingType implements Nulled<StoredRecovery['trainings'][number]> {
  @Field(() => Int, { description: 'The round that it followed.' })
  round!: number;

  @Field(() => Int)
  steps!: number;

  @Field(() => [EpochType])
  epochs!: StoredRecovery['trainings'][number]['epochs'];
}

@ObjectType('Recovery', { description: 'The training between the rounds.' })
export class RecoveryType implements Nulled<Omit<StoredRecovery, 'recipe'>> {
  @Field(() => RecipeType)
  recipe!: RecipeType;

  @Field(() => String, { description: 'Equal recipes have equal ones.' })
  recipeHash!: string;

  @Field(() => [RecoveryTrainingType])
  trainings!: readonly RecoveryTrainingType[];
}

export function shownRecovery(recovery: Stored['recovery']): RecoveryType | null {
  return recovery && { ...recovery, recipe: shownRecipe(recovery.recipe) };
}

@ObjectType('Provenance', {
  description: 'How a result was made. Null: not kept when it was made.',
})
export class ProvenanceType
  implements Nulled<Omit<Partial<ResultProvenance>, 'workerId' | 'throughputBatch'>>
{
  @Field(() => String, { nullable: true, description: 'Version of Espalier.' })
  version!: string | null;

  @Field(() => String, { nullable: true, description: 'The engine with its version.' })
  engine!: string | null;

  @Field(() => Int, { nullable: true, description: 'Threads of the engine.' })
  threads!: number | null;

  @Field(() => String, { nullable: true, description: 'The version of Node.js.' })
  node!: string | null;

  @Field(() => String, { nullable: true })
  cpu!: string | null;

  @Field(() => Int, { nullable: true, description: 'Cores of the CPU.' })
  cores!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Images at a time, by which the throughput was measured.',
  })
  throughputBatch!: number | null;

  @Field(() => String, { nullable: true, description: 'A name for the process that made it.' })
  worker!: string | null;
}

export function shownProvenance(provenance: Stored['provenance']): ProvenanceType {
  const { version = null, engine = null, threads = null, node = null, cpu = null, cores = null } = provenance;
  const { throughputBatch = null, workerId: worker = null } = provenance;
  return { version, engine, threads, node, cpu, cores, throughputBatch, worker };
}

const StageEnum = enumType('PruningStage', STAGES, 'The steps of a pruning, in order.');

@ObjectType('StageSeconds', { description: 'The wall-clock of a stage.' })
export class StageSecondsType {
  @Field(() => StageEnum)
  stage!: Stage;

  @Field(() => Float, { description: 'Seconds in all rounds.' })
  seconds!: number;
}

/** In the order in which they are gone through. */
export function shownSeconds(seconds: Stored['seconds']): StageSecondsType[] {
  return STAGES.flatMap((stage) => {
    const told = seconds[stage];
    return told === undefined ? [] : [{ stage, seconds: told }];
  });
}
