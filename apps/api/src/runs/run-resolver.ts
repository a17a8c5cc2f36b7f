import type { Target } from '@espalier/pruning';
import { type PrunedResult, type Run, RunState } from '@espalier/store';
import { GraphQLBigInt, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import { connectionType, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { outcome, payloadType } from '../graphql/payload.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { findRun, listRuns, runEvents, startRuns } from './runs.ts';

registerEnumType(RunState, { name: 'RunState', description: 'Where a run stands.' });
export const Metric = { macs: 'macs', params: 'params' } as const satisfies Record<Target['metric'], string>;
registerEnumType(Metric, { name: 'Metric', description: 'What a target is a share of.' });

@ObjectType('PrunedResult', { description: 'The network that a run made, and what it is worth.' })
class PrunedResultType {
  @Field(() => String, { description: 'Of the ONNX file.' })
  sha256!: string;

  @Field(() => String)
  networkHash!: string;

  @Field(() => GraphQLBigInt)
  params!: bigint;

  @Field(() => GraphQLBigInt)
  macs!: bigint;

  @Field(() => Float, { description: 'Share of the params removed.' })
  savedParams!: number;

  @Field(() => Float, { description: 'Share of the MACs removed.' })
  savedMacs!: number;

  @Field(() => GraphQLJSON, { description: 'Units of each channel group: [{ group, before, after, kept }].' })
  structure!: unknown;

  @Field(() => GraphQLJSON, { description: 'Steps of the search.' })
  trace!: unknown;

  @Field(() => Float, { nullable: true, description: 'Right after the cut, on the whole test split.' })
  prunedTop1!: number | null;

  @Field(() => Float, { nullable: true, description: 'As exported, on the whole test split.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats.' })
  loss!: number | null;

  @Field(() => Int, { nullable: true })
  images!: number | null;

  @Field(() => Float, { nullable: true, description: 'Median of one image.' })
  latencyMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of the unpruned network, interleaved with it.' })
  baseLatencyMs!: number | null;

  @Field(() => GraphQLJSONObject)
  provenance!: Record<string, unknown>;

  @Field(() => GraphQLJSONObject, { description: 'By stage.' })
  seconds!: Record<string, unknown>;
}

@ObjectType('RunEvent', { description: 'What happened to a run; numbered without gaps.' })
export class RunEventType {
  @Field(() => Int)
  seq!: number;

  @Field(() => String)
  kind!: string;

  @Field(() => GraphQLJSON)
  data!: unknown;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@ObjectType('Run', { description: 'One strategy, one target, one seed.' })
export class RunType {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  experimentId!: string;

  @Field(() => String, { description: 'Decides how many units each group keeps.' })
  allocation!: string;

  @Field(() => String, { description: 'Ranks the units inside a group.' })
  criterion!: string;

  @Field(() => Metric)
  metric!: string;

  @Field(() => Float, { description: 'The share to remove.' })
  share!: number;

  @Field(() => Int)
  seed!: number;

  @Field(() => RunState)
  state!: RunState;

  @Field(() => Int, { description: "Among the team's own runs higher ones go first." })
  priority!: number;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error!: string | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;
}

@ObjectType('Progress', { description: 'Of the stage at work.' })
export class ProgressType {
  @Field(() => Float)
  done!: number;

  @Field(() => Float)
  total!: number;
}

@ObjectType('StartedRuns', { description: 'In the order of strategies, targets and seeds.' })
class StartedRunsType {
  @Field(() => [RunType])
  runs!: RunType[];
}

@InputType('StrategyInput')
class StrategyInput {
  @Field(() => String, { defaultValue: 'cie' })
  allocation!: string;

  @Field(() => String, { defaultValue: 'l1' })
  criterion!: string;
}

@InputType('TargetInput')
class TargetInput {
  @Field(() => Metric, { defaultValue: 'macs' })
  metric!: Target['metric'];

  @Field(() => Float, { description: 'The share to remove.' })
  share!: number;
}

@ArgsType()
class RunPageArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Of this experiment only.' })
  experimentId?: string | null;

  @Field(() => [RunState], { nullable: true })
  states?: RunState[] | null;
}

const RunConnection = connectionType('Run', () => RunType);
const StartRunsPayload = payloadType('StartRuns', 'started', () => StartedRunsType);

@Resolver(() => RunType)
export class RunResolver {
  @Query(() => RunConnection, { description: "The team's runs." })
  runs(@Ctx() context: Context, @Args(() => RunPageArgs) args: RunPageArgs) {
    return listRuns(context, args, args);
  }

  @Query(() => RunType, { nullable: true, description: 'Null for one that there is not.' })
  run(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findRun(context, id);
  }

  @FieldResolver(() => ExperimentType)
  experiment(@Root() { experimentId }: Run, @Ctx() { loaders }: Context) {
    return loaders.experiment.load(experimentId);
  }

  @FieldResolver(() => SamplingRunType, { nullable: true, description: 'What its search went by.' })
  sampling(@Root() { samplingRunId }: Run, @Ctx() { loaders }: Context) {
    return samplingRunId === null ? null : loaders.samplingRun.load(samplingRunId);
  }

  @FieldResolver(() => PrunedResultType, { nullable: true, description: 'Null until it is finished.' })
  result(@Root() { id }: Run, @Ctx() { loaders }: Context) {
    return loaders.result.load(id);
  }

  @FieldResolver(() => ProgressType)
  progress(@Root() { done, total }: Run): ProgressType {
    return { done: Number(done), total: Number(total) };
  }

  @FieldResolver(() => [RunEventType], { description: 'At most 1,000 at a time.' })
  events(
    @Root() { id }: Run,
    @Ctx() context: Context,
    @Arg('afterSeq', () => Int, { defaultValue: 0 }) afterSeq: number,
  ) {
    return runEvents(context, id, afterSeq);
  }

  @Mutation(() => StartRunsPayload, {
    description: 'Every strategy with every target and every seed. Takes the role editor.',
  })
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
    return outcome(() => startRuns(context, { experimentId, strategies, targets, seeds, priority }));
  }
}

@Resolver(() => PrunedResultType)
export class PrunedResultResolver {
  @FieldResolver(() => String, { description: 'Where the network can be fetched.' })
  downloadUrl(@Root() { sha256 }: PrunedResult): string {
    return `/files/${sha256}`;
  }
}
