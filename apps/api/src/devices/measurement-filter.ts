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

@InputType('MeasurementFilter', { description: FILTER_RULE })
export class MeasurementFilter extends BasicFilter {
  @Field(() => IdFilter, { nullable: true })
  device?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Hash of graph and weights.' })
  networkHash?: TextFilter | null;

  @Field(() => String, {
    nullable: true,
    description: "Text in the network's name; upper and lower case are the same.",
  })
  text?: string | null;

  @Field(() => EngineFilter, { nullable: true })
  engine?: EngineFilter | null;

  @Field(() => TextFilter, { nullable: true })
  engineVersion?: TextFilter | null;

  @Field(() => IntFilter, { nullable: true })
  threads?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'Images a run.' })
  batch?: IntFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'The median of a run, in milliseconds.' })
  latencyMs?: FloatFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'How many times as fast as the network it was compared with.',
  })
  speedup?: FloatFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  measuredAt?: TimeFilter | null;
}

const [latency, ratio, measured] = [Prisma.sql`x."p50Ms"`, Prisma.sql`x."ratio"`, Prisma.sql`x."measuredAt"`];

const order = orderInput('Measurement', 'measurements', {
  network: { value: Prisma.sql`lower(x."networkName")`, type: 'text' },
  latency: { value: latency, type: 'float8' },
  speedup: { value: ratio, type: 'float8' },
  measured: { value: Prisma.sql`extract(epoch FROM ${measured})::float8`, type: 'float8' },
});
export const measurementSorting = order.sorting;
export const MeasurementListArgs = listArgs(MeasurementFilter, order);
export type MeasurementListArgs = InstanceType<typeof MeasurementListArgs>;

export const MEASUREMENT_CONDITIONS: Conditions<MeasurementFilter> = {
  id: listed(Prisma.sql`x."id"`),
  device: listed(Prisma.sql`x."deviceId"`),
  networkHash: listed(Prisma.sql`x."networkHash"`),
  text: containing(Prisma.sql`x."networkName"`),
  engine: listed(Prisma.sql`x."engine"`),
  engineVersion: listed(Prisma.sql`x."engineVersion"`),
  threads: numbered(Prisma.sql`x."threads"`),
  batch: numbered(Prisma.sql`x."batch"`),
  latencyMs: ranged(latency),
  speedup: ranged(ratio),
  measuredAt: timed(measured),
  createdAt: timed(Prisma.sql`x."createdAt"`),
};
