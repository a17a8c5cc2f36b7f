import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, IdFilter, TextFilter, TimeFilter } from '../query/filter-inputs.ts';
import { listArgs } from '../query/list-args.ts';
import { orderOf } from '../query/order.ts';
import { EngineFilter } from '../runs/engine-enum.ts';

@InputType('WorkerFilter', { description: FILTER_RULE })
class WorkerFilter {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true })
  host?: TextFilter | null;

  @Field(() => EngineFilter, { nullable: true })
  engine?: EngineFilter | null;

  @Field(() => TextFilter, { nullable: true })
  version?: TextFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  startedAt?: TimeFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  lastSeenAt?: TimeFilter | null;

  @Field(() => TimeFilter, { nullable: true, description: 'Null for one that did not stop in order.' })
  stoppedAt?: TimeFilter | null;
}

const [host, engine] = [Prisma.sql`w."host"`, Prisma.sql`w."engine"`];

const order = orderOf(
  'Worker',
  'workers',
  {
    host: { value: host, type: 'text' },
    engine: { value: engine, type: 'text' },
    started: { value: null, type: 'text' },
  },
  { by: 'started', direction: 'asc', told: 'The first one first' },
);
export const workerSorting = order.sorting;
export const WorkerListArgs = listArgs(WorkerFilter, order);
export type WorkerListArgs = InstanceType<typeof WorkerListArgs>;

export const WORKER_CONDITIONS: Conditions<WorkerFilter> = {
  id: listed(Prisma.sql`w."id"`),
  host: listed(host),
  engine: listed(engine),
  version: listed(Prisma.sql`w."version"`),
  startedAt: timed(Prisma.sql`w."startedAt"`),
  lastSeenAt: timed(Prisma.sql`w."lastSeenAt"`),
  stoppedAt: timed(Prisma.sql`w."stoppedAt"`),
};
