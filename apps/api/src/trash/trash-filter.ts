import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, IdFilter, TimeFilter } from '../query/filter-inputs.ts';
import { listArgs } from '../query/list-args.ts';
import { orderOf } from '../query/order.ts';

@InputType('TrashItemFilter', { description: FILTER_RULE })
class TrashFilter {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true, description: 'Filters by the id of the deleted thing.' })
  reference?: IdFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text in the name; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true })
  deletedAt?: TimeFilter | null;
}

const [name, deletedAt] = [Prisma.sql`t."name"`, Prisma.sql`t."deletedAt"`];

const order = orderOf(
  'TrashItem',
  'things in the trash',
  {
    deleted: { value: Prisma.sql`extract(epoch FROM ${deletedAt})::float8`, type: 'float8' },
    name: { value: Prisma.sql`lower(${name})`, type: 'text' },
  },
  { by: 'deleted', direction: 'desc', told: 'Last deleted first' },
);
export const trashSorting = order.sorting;
export const TrashListArgs = listArgs(TrashFilter, order);
export type TrashListArgs = InstanceType<typeof TrashListArgs>;

export const TRASH_CONDITIONS: Conditions<TrashFilter> = {
  id: listed(Prisma.sql`('trash_' || t."id")`),
  reference: listed(Prisma.sql`t."id"`),
  text: containing(name),
  deletedAt: timed(deletedAt),
};
