import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, TextFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

@InputType('DatasetFilter', { description: FILTER_RULE })
export class DatasetFilter extends BasicFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in the name; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TextFilter, { nullable: true, description: 'Hash of images, labels and splits.' })
  hash?: TextFilter | null;

  @Field(() => TextFilter, {
    nullable: true,
    description: 'Hash over the splits; null: an old data set.',
  })
  manifest?: TextFilter | null;
}

const NAME = Prisma.sql`d."name"`;

const order = orderInput('Dataset', 'data sets', {
  name: { value: Prisma.sql`lower(${NAME})`, type: 'text' },
});
export const datasetSorting = order.sorting;
export const DatasetListArgs = listArgs(DatasetFilter, order);
export type DatasetListArgs = InstanceType<typeof DatasetListArgs>;

export const DATASET_CONDITIONS: Conditions<DatasetFilter> = {
  id: listed(Prisma.sql`d."id"`),
  text: containing(NAME),
  hash: listed(Prisma.sql`d."hash"`),
  manifest: listed(Prisma.sql`d."manifest"`),
  createdAt: timed(Prisma.sql`d."createdAt"`),
};
