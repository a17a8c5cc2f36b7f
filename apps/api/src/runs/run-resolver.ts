import { isOver, stored } from '@espalier/runs';
import type { Origin, Run, RunState } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { AUTHOR_RULE, KEY_RULE } from '../access/author.ts';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { RunEventType, shownEvent } from '../events/run-event-types.ts';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import { WidthLimitsType } from '../experiments/limits-type.ts';
import { RecipeType, shownRecipe } from '../experiments/recipe-type.ts';
import { OriginEnum } from '../external/origin.ts';
import { RecomputationType } from '../external/recomputation-type.ts';
import { ResultSourceType } from '../external/source-types.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { ModelType } from '../models/model-resolver.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { UserType } from '../people/team-resolver.ts';
import { ProjectType } from '../projects/project-resolver.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { DrawnInput, drawnStrategies } from './drawn.ts';
import { EngineEnum } from './engine-enum.ts';
import { PrunedResultType } from './result-resolver.ts';
import { MetricEnum, RunStateEnum } from './run-enums.ts';
import { RunListArgs } from './run-filter.ts';
import { listRuns, StrategyInput, startRuns } from './runs.ts';
import { TargetInput } from './target-input.ts';

@ObjectType('Run', { implements: NodeType, description: 'One strategy, one target, one seed.' })
export class RunType extends NodeType {
  @Field(() => String, { description: 'Decides how many units each group keeps.' })
  allocation!: string;

  @Field(() => String, { description: 'Ranks the units inside a group.' })
  criterion!: string;

  @Field(() => MetricEnum)
  metric!: string;

  @Field(() => Float, { description: 'The share to remove.' })
  share!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'For latency targets in milliseconds: the milliseconds that may remain; `share` is the share that this means.',
  })
  targetMs!: number | null;

  @Field(() => Int)
  seed!: number;

  @Field(() => WidthLimitsType)
  limits!: WidthLimitsType;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of times that it samples and cuts; null: all at once.',
  })
  rounds!: number | null;

  @Field(() => EngineEnum, {
    nullable: true,
    description: 'The engine that computes it, chosen at its start; null for an old run.',
  })
  engine!: string | null;

  @Field(() => RunStateEnum)
  state!: RunState;

  @Field(() => OriginEnum)
  origin!: Origin;

  @Field(() => Int, { description: "Among the team's own runs higher ones go first." })
  priority!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Top-1 of the network right after the cut, on the whole test split. Known once it is repaired, before a training begins; null until then, and if the run does not both repair and train. The result always has it.',
  })
  prunedTop1!: number | null;

  @Field(() => Float, { nullable: true, description: 'The same after the repair.' })
  repairedTop1!: number | null;

  @Field(() => Float, { nullable: true, description: 'As `prunedTop1`, by the metric of the experiment.' })
  prunedValue!: number | null;

  @Field(() => Float, { nullable: true, description: 'The same after the repair.' })
  repairedValue!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error!: string | null;

  @Field(() => String)
  notes!: string;

  @Field(() => [String])
  tags!: string[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: KEY_RULE })
  createdByKey!: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;
}

export const RunConnection = connectionType('Run', () => RunType);

@Resolver(() => RunType)
export class RunResolver {
  @Query(() => RunConnection, { description: "The team's runs." })
  runs(@Ctx() context: Context, @Args(() => RunListArgs) args: RunListArgs) {
    return listRuns(context, args);
  }

  @Query(() => RunType, { nullable: true, description: 'Null if there is no such object.' })
  run(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('run', context, id);
  }

  @Query(() => [Boolean], {
    nullable: true,
    description:
      'Says for each strategy whether its runs depend on their seeds; the others are started once for all seeds. Null if there is no such data set.',
  })
  drawnStrategies(@Ctx() context: Context, @Arg('input', () => DrawnInput) input: DrawnInput) {
    return drawnStrategies(context, input);
  }

  @FieldResolver(() => Boolean, {
    description: 'Finished, failed or cancelled: nothing more happens.',
  })
  isOver(@Root() { state }: Run) {
    return isOver(state);
  }

  @FieldResolver(() => UserType, { nullable: true, description: AUTHOR_RULE })
  createdBy(@Root() { createdById }: Run, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => ExperimentType)
  experiment(@Root() { experimentId }: Run, @Ctx() context: Context) {
    return nodeAt('exp', context, experimentId);
  }

  @FieldResolver(() => ModelType, { description: 'The model that it prunes.' })
  async model(@Root() { experimentId }: Run, @Ctx() context: Context) {
    const experiment = await nodeAt('exp', context, experimentId);
    return experiment && nodeAt('model', context, experiment.modelId);
  }

  @FieldResolver(() => DatasetType)
  async dataset(@Root() { experimentId }: Run, @Ctx() context: Context) {
    const experiment = await nodeAt('exp', context, experimentId);
    return experiment && nodeAt('data', context, experiment.datasetId);
  }

  @FieldResolver(() => ProjectType)
  async project(@Root() { experimentId }: Run, @Ctx() context: Context) {
    const experiment = await nodeAt('exp', context, experimentId);
    return experiment && nodeAt('proj', context, experiment.projectId);
  }

  @FieldResolver(() => RecipeType, {
    nullable: true,
    description: 'How it is trained between the rounds; null if it is not.',
  })
  recovery(@Root() { recovery }: Run) {
    return recovery === null ? null : shownRecipe(recovery);
  }

  @FieldResolver(() => SamplingRunType, {
    nullable: true,
    description: 'The sampling run that its search used.',
  })
  sampling(@Root() { samplingRunId }: Run, @Ctx() context: Context) {
    return samplingRunId === null ? null : nodeAt('sample', context, samplingRunId);
  }

  @FieldResolver(() => ResultSourceType, {
    nullable: true,
    description: 'The tool that an imported run comes from; null for workers of the platform.',
  })
  source(@Root() { source }: Run) {
    return stored('Run', 'source', source);
  }

  @FieldResolver(() => RecomputationType, {
    nullable: true,
    description:
      'The last evaluation of its network by a worker that was asked for, of an imported run; `result { recomputed }` is the last one that is done.',
  })
  recomputation(@Root() { id }: Run, @Ctx() { loaders }: Context) {
    return loaders.recomputation.load(id);
  }

  @FieldResolver(() => PrunedResultType, { nullable: true, description: 'Null until it is finished.' })
  result(@Root() { id }: Run, @Ctx() { loaders }: Context) {
    return loaders.result.load(id);
  }

  @FieldResolver(() => [RunEventType], {
    description:
      'At most 1,000 at a time, shared by the runs of a list. For more, ask again with the last `seq` that you have.',
  })
  async events(
    @Root() { id: runId }: Run,
    @Ctx() { loaders }: Context,
    @Arg('afterSeq', () => Int, { defaultValue: 0 }) afterSeq: number,
  ) {
    return (await loaders.events.load({ runId, afterSeq })).map(shownEvent);
  }

  @Change(
    { runs: () => [RunType], notes: () => [String] },
    'Starts every strategy with every target and every seed, in this order. A strategy without random draws gets only one seed, and `notes` say so. Needs the role editor.',
  )
  startRuns(
    @Ctx() context: Context,
    @Arg('experimentId', () => ID) experimentId: string,
    @Arg('strategies', () => [StrategyInput]) strategies: StrategyInput[],
    @Arg('targets', () => [TargetInput]) targets: TargetInput[],
    @Arg('seeds', () => [Int], { defaultValue: [0] }) seeds: number[],
    @Arg('priority', () => Int, {
      defaultValue: 0,
      description: "-100..100; among the team's own runs higher ones go first.",
    })
    priority: number,
  ) {
    return startRuns(context, { experimentId, strategies, targets, seeds, priority });
  }
}
