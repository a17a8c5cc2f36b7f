import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, TextFilter, TimeFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { CREATED, orderOf } from '../query/order.ts';

@InputType('SavedViewFilter', { description: FILTER_RULE })
export class ViewFilter extends BasicFilter {
  @Field(() => TextFilter, { nullable: true, description: 'A name that the client chooses.' })
  page?: TextFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text in the name; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true })
  updatedAt?: TimeFilter | null;
}

const NAME = Prisma.sql`v."name"`;

const order = orderOf(
  'SavedView',
  'saved views',
  { name: { value: NAME, type: 'text' }, ...CREATED },
  { by: 'name', direction: 'asc', told: 'In alphabetical order' },
);
export const viewSorting = order.sorting;
export const ViewListArgs = listArgs(ViewFilter, order);
export type ViewListArgs = InstanceType<typeof ViewListArgs>;

export const VIEW_CONDITIONS: Conditions<ViewFilter> = {
  id: listed(Prisma.sql`v."id"`),
  page: listed(Prisma.sql`v."page"`),
  text: containing(NAME),
  createdAt: timed(Prisma.sql`v."createdAt"`),
  updatedAt: timed(Prisma.sql`v."updatedAt"`),
};
