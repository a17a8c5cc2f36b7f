import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Conditions, containing, listed, numbered, ranged, timed } from '../query/conditions.ts';
import {
  FILTER_RULE,
  FloatFilter,
  IdFilter,
  IntFilter,
  TextFilter,
  TimeFilter,
} from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';
import { EngineFilter } from '../runs/engine-enum.ts';

@InputType('DeviceProfileFilter', { description: FILTER_RULE })
export class DeviceProfileFilter extends BasicFilter {
  @Field(() => IdFilter, { nullable: true })
  device?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Hash of the network that it was measured with.' })
  networkHash?: TextFilter | null;

  @Field(() => EngineFilter, { nullable: true })
  engine?: EngineFilter | null;

  @Field(() => IntFilter, { nullable: true })
  threads?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'Images a run.' })
  batch?: IntFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  errorMedian?: FloatFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  measuredAt?: TimeFilter | null;

  @Field(() => String, {
    nullable: true,
    description: "Text in the network's name; upper and lower case are the same.",
  })
  text?: string | null;
}

const [error, measured] = [Prisma.sql`p."errorMedian"`, Prisma.sql`p."measuredAt"`];

const order = orderInput('DeviceProfile', 'profiles', {
  network: { value: Prisma.sql`lower(p."networkName")`, type: 'text' },
  error: { value: error, type: 'float8' },
  measured: { value: Prisma.sql`extract(epoch FROM ${measured})::float8`, type: 'float8' },
});
export const profileSorting = order.sorting;
export const ProfileListArgs = listArgs(DeviceProfileFilter, order);
export type ProfileListArgs = InstanceType<typeof ProfileListArgs>;

export const PROFILE_CONDITIONS: Conditions<DeviceProfileFilter> = {
  id: listed(Prisma.sql`p."id"`),
  device: listed(Prisma.sql`p."deviceId"`),
  networkHash: listed(Prisma.sql`p."networkHash"`),
  engine: listed(Prisma.sql`p."engine"`),
  threads: numbered(Prisma.sql`p."threads"`),
  batch: numbered(Prisma.sql`p."batch"`),
  errorMedian: ranged(error),
  measuredAt: timed(measured),
  text: containing(Prisma.sql`p."networkName"`),
  createdAt: timed(Prisma.sql`p."createdAt"`),
};
