import { Prisma } from '@espalier/store';
import { Field, ID, InputType } from 'type-graphql';
import type { Reach } from '../access/reach.ts';
import { FILTER_RULE, ITEM_KEYS, ItemFilter, itemCondition } from '../query/item-filter.ts';
import { orderInput } from '../query/order.ts';
import { every, oneOf } from '../query/sql.ts';

@InputType('ExperimentFilter', { description: FILTER_RULE })
export class ExperimentFilter extends ItemFilter {
  @Field(() => [ID], { nullable: true })
  modelIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  datasetIds?: string[] | null;
}

export const { OrderInput: ExperimentOrder, sorting: experimentSorting } = orderInput(
  'Experiment',
  'experiments',
  ITEM_KEYS,
);
export type ExperimentOrder = InstanceType<typeof ExperimentOrder>;

export function experimentCondition(reach: Reach, filter: ExperimentFilter): Prisma.Sql {
  return every(
    itemCondition(reach, filter),
    oneOf(Prisma.sql`i."modelId"`, filter.modelIds),
    oneOf(Prisma.sql`i."datasetId"`, filter.datasetIds),
  );
}
