import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { FILTER_RULE, TextFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

@InputType('DeviceFilter', { description: FILTER_RULE })
export class DeviceFilter extends BasicFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in name or processor; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TextFilter, { nullable: true, description: 'Operating system and architecture.' })
  platform?: TextFilter | null;
}

const NAME = Prisma.sql`d."name"`;

const order = orderInput('Device', 'devices', {
  name: { value: Prisma.sql`lower(${NAME})`, type: 'text' },
});
export const deviceSorting = order.sorting;
export const DeviceListArgs = listArgs(DeviceFilter, order);
export type DeviceListArgs = InstanceType<typeof DeviceListArgs>;

export const DEVICE_CONDITIONS: Conditions<DeviceFilter> = {
  id: listed(Prisma.sql`d."id"`),
  text: containing(NAME, Prisma.sql`d."cpu"`),
  platform: listed(Prisma.sql`d."platform"`),
  createdAt: timed(Prisma.sql`d."createdAt"`),
};
