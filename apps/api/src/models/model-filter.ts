import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import type { Reach } from '../access/reach.ts';
import { filtered, listed, ranged } from '../query/conditions.ts';
import { FILTER_RULE, FloatFilter, TextFilter } from '../query/filter-inputs.ts';
import { ITEM_CONDITIONS, ITEM_KEYS, ItemFilter, livingItems } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';
import { every } from '../query/sql.ts';

@InputType('ModelFilter', { description: FILTER_RULE })
export class ModelFilter extends ItemFilter {
  @Field(() => TextFilter, { nullable: true, description: 'Hash of graph and weights.' })
  networkHash?: TextFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  params?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  macs?: FloatFilter | null;
}

const [macs, params] = [Prisma.sql`i."macs"`, Prisma.sql`i."params"`];

const order = orderInput('Model', 'networks', {
  ...ITEM_KEYS,
  macs: { value: macs, type: 'bigint' },
  params: { value: params, type: 'bigint' },
});
export const modelSorting = order.sorting;
export const ModelListArgs = listArgs(ModelFilter, order);
export type ModelListArgs = InstanceType<typeof ModelListArgs>;

export function modelCondition(reach: Reach, filter: ModelFilter): Prisma.Sql {
  return every(
    livingItems(reach),
    filtered(filter, {
      ...ITEM_CONDITIONS,
      networkHash: listed(Prisma.sql`i."networkHash"`),
      params: ranged(params),
      macs: ranged(macs),
    }),
  );
}
