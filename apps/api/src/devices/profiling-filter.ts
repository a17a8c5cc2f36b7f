import { Prisma, ProfilingState } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { type Conditions, listed, timed } from '../query/conditions.ts';
import { enumFilter, FILTER_RULE, IdFilter, TextFilter, TimeFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

export const ProfilingStateEnum = enumType(
  'ProfilingState',
  Object.values(ProfilingState),
  'State of measuring a profile.',
  {
    clearing: 'A worker has it; its machine finishes its current work and takes nothing else.',
    measuring: 'The machine takes no other job meanwhile.',
  },
);
const ProfilingStateFilter = enumFilter('ProfilingState', ProfilingStateEnum);
type ProfilingStateFilter = InstanceType<typeof ProfilingStateFilter>;

@InputType('ProfilingFilter', { description: FILTER_RULE })
export class ProfilingFilter extends BasicFilter {
  @Field(() => IdFilter, { nullable: true })
  device?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true })
  model?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Whose workers measure.' })
  machine?: TextFilter | null;

  @Field(() => ProfilingStateFilter, { nullable: true })
  state?: ProfilingStateFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  finishedAt?: TimeFilter | null;
}

const order = orderInput('Profiling', 'measurements of profiles', {});
export const profilingSorting = order.sorting;
export const ProfilingListArgs = listArgs(ProfilingFilter, order);
export type ProfilingListArgs = InstanceType<typeof ProfilingListArgs>;

export const PROFILING_CONDITIONS: Conditions<ProfilingFilter> = {
  id: listed(Prisma.sql`q."id"`),
  device: listed(Prisma.sql`q."deviceId"`),
  model: listed(Prisma.sql`q."modelId"`),
  machine: listed(Prisma.sql`q."host"`),
  state: listed(Prisma.sql`q."state"`, 'ProfilingState'),
  createdAt: timed(Prisma.sql`q."createdAt"`),
  finishedAt: timed(Prisma.sql`q."finishedAt"`),
};
