import { type WorkerState as State, workerState } from '@espalier/runs';
import type { Worker } from '@espalier/store';
import { GraphQLBigInt } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ProfilingType } from '../devices/profiling-resolver.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { EngineEnum } from '../runs/engine-enum.ts';
import { RunType } from '../runs/run-resolver.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { WorkerListArgs } from './worker-filter.ts';
import { listWorkers, setDraining, visibleWork } from './workers.ts';

const WorkerStateEnum = enumType<State>(
  'WorkerState',
  ['idle', 'busy', 'draining', 'lost', 'stopped'],
  'State of a worker.',
  { draining: 'Takes nothing more.', lost: 'Silent for 15 seconds.' },
);

@ObjectType('Worker', { implements: NodeType, description: 'A process that computes runs.' })
export class WorkerType extends NodeType {
  @Field(() => String)
  host!: string;

  @Field(() => EngineEnum)
  engine!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => String, { nullable: true, description: 'Its processor; null for an old worker.' })
  cpu!: string | null;

  @Field(() => String, { nullable: true, description: 'Operating system and architecture: `linux x64`.' })
  platform!: string | null;

  @Field(() => GraphQLBigInt)
  memoryBytes!: bigint;

  @Field(() => String, { nullable: true, description: 'Null if there is none, or none is known.' })
  gpu!: string | null;

  @Field(() => String)
  version!: string;

  @Field(() => String, { nullable: true, description: 'Version of its engine; null for an old worker.' })
  engineVersion!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Threads of each computing process; null like `engineVersion`.',
  })
  threads!: number | null;

  @Field(() => Boolean, { description: 'Whether it was asked to take no more work.' })
  draining!: boolean;

  @Field(() => GraphQLISODateTime)
  startedAt!: Date;

  @Field(() => GraphQLISODateTime)
  lastSeenAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  stoppedAt!: Date | null;
}

const WorkerConnection = connectionType('Worker', () => WorkerType);

@Resolver(() => WorkerType)
export class OperationsResolver {
  @Query(() => WorkerConnection, {
    description:
      'Workers that reported in the last hour, including those that stopped. Needs an operator; `engines` is for everybody.',
  })
  workers(@Ctx() context: Context, @Args(() => WorkerListArgs) args: WorkerListArgs) {
    return listWorkers(context, args);
  }

  @FieldResolver(() => WorkerStateEnum)
  async state(@Root() worker: Worker, @Ctx() { loaders }: Context): Promise<State> {
    return workerState(worker, (await loaders.work.load(worker.id)) !== null);
  }

  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The run that it computes, if it belongs to your team.',
  })
  async run(@Root() { id }: Worker, @Ctx() context: Context) {
    return (await visibleWork(context, id))?.run ?? null;
  }

  @FieldResolver(() => SamplingRunType, {
    nullable: true,
    description: 'The sampling run that it computes a part of, if a run of your team uses it.',
  })
  async sampling(@Root() { id }: Worker, @Ctx() context: Context) {
    return (await visibleWork(context, id))?.sampling ?? null;
  }

  @FieldResolver(() => ProfilingType, {
    nullable: true,
    description: 'The profile that it measures, if it is for your team; before, it may still end a run.',
  })
  async profiling(@Root() { id }: Worker, @Ctx() context: Context) {
    return (await visibleWork(context, id))?.profiling ?? null;
  }

  @Change(
    { worker: () => WorkerType },
    'The worker finishes its job and takes no more until it is resumed. Needs an operator.',
  )
  drainWorker(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return setDraining(context, id, true);
  }

  @Change({ worker: () => WorkerType }, 'Needs an operator.')
  resumeWorker(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return setDraining(context, id, false);
  }
}
