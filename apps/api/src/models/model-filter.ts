import { Prisma } from '@espalier/store';
import { InputType } from 'type-graphql';
import { FILTER_RULE, ITEM_KEYS, ItemFilter } from '../query/item-filter.ts';
import { orderInput } from '../query/order.ts';

@InputType('ModelFilter', { description: FILTER_RULE })
export class ModelFilter extends ItemFilter {}

export const { OrderInput: ModelOrder, sorting: modelSorting } = orderInput('Model', 'networks', {
  ...ITEM_KEYS,
  macs: { value: Prisma.sql`i."macs"`, type: 'bigint' },
  params: { value: Prisma.sql`i."params"`, type: 'bigint' },
});
export type ModelOrder = InstanceType<typeof ModelOrder>;
