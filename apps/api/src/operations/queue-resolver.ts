import { JOB_KINDS, type JobKind, type QueueState, queueState } from '@espalier/runs';
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { requireOperator, requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';

const JobKindEnum = enumType('JobKind', JOB_KINDS, 'The kind of a job.', {
  shard: 'A share of a sampling.',
  run: 'All of a run that follows sampling.',
  recompute: 'The evaluation of an imported network.',
  profiling: 'A profile to measure, on the machine that counts.',
});

@ObjectType('QueueKind', { description: 'Jobs of one kind.' })
class QueueKindType {
  @Field(() => JobKindEnum)
  kind!: JobKind;

  @Field(() => Int)
  waiting!: number;

  @Field(() => Int)
  active!: number;
}

@ObjectType('QueueCounts', { description: 'Work that waits for a worker and work under way.' })
class QueueCountsType {
  @Field(() => [QueueKindType])
  byKind!: QueueKindType[];

  @Field(() => Int)
  waiting(@Root() { byKind }: QueueState): number {
    return sum(byKind.map(({ waiting }) => waiting));
  }

  @Field(() => Int)
  active(@Root() { byKind }: QueueState): number {
    return sum(byKind.map(({ active }) => active));
  }

  @Field(() => Float, { nullable: true, description: 'Seconds since the oldest waiting job was queued.' })
  oldestWaitingSeconds!: number | null;
}

@ObjectType('Queue', { description: "The team's jobs. A run that waits for its sampling has none yet." })
class QueueType extends QueueCountsType {}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

@Resolver(() => QueueType)
export class QueueResolver {
  @Query(() => QueueType, { description: "The team's jobs." })
  queue(@Ctx() { viewer, database }: Context): Promise<QueueState> {
    const { teamId } = requireRole(viewer, 'viewer');
    return queueState(database.prisma, teamId);
  }

  @FieldResolver(() => QueueCountsType, {
    description: 'The queue of all teams together. Needs an operator.',
  })
  overall(@Ctx() { viewer, database }: Context): Promise<QueueState> {
    requireOperator(viewer);
    return queueState(database.prisma, null);
  }
}
