import { GraphQLBigInt } from 'graphql-scalars';
import { Ctx, Field, GraphQLISODateTime, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';

@ObjectType('Worker', { description: 'A process that computes runs.' })
class WorkerType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  host!: string;

  @Field(() => String)
  engine!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => GraphQLBigInt)
  memoryBytes!: bigint;

  @Field(() => String, { nullable: true })
  gpu!: string | null;

  @Field(() => String)
  version!: string;

  @Field(() => GraphQLISODateTime)
  startedAt!: Date;

  @Field(() => GraphQLISODateTime)
  lastSeenAt!: Date;
}

/** A worker that was silent for longer is not listed. */
const ALIVE_MS = 15_000;

@Resolver(() => WorkerType)
export class OperationsResolver {
  @Query(() => [WorkerType], { description: 'Those that were heard of in the last 15 seconds.' })
  workers(@Ctx() { viewer, database }: Context) {
    requireRole(viewer, 'viewer');
    return database.prisma.worker.findMany({
      where: { stoppedAt: null, lastSeenAt: { gt: new Date(Date.now() - ALIVE_MS) } },
      orderBy: { id: 'asc' },
    });
  }
}
