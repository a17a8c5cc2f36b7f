// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { COMPRESSION_METRICS } from '@espalier/comparison';
import { GraphQLBigInt } from 'graphql-scalars';
import { Field, Float, ObjectType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';

export const CompressionMetricEnum = enumType(
  'CompressionMetric',
  COMPRESSION_METRICS,
  'The quantity that became smaller; for throughput, larger.',
  {
    latency: 'Measured median time of one image, on the machine that computed the run.',
    predicted: "Predicted time of a run on the device of its experiment's profile.",
  },
);

@ObjectType('Ratio', {
  description:
    'How much smaller or faster pruning made the network: base over pruned, for throughput pruned over base. 2 is twice as small, or twice as fast. Null if one of the two was not measured.',
})
export class RatioType {}
for (const metric of COMPRESSION_METRICS) {
  Field(() => Float, { nullable: true })(RatioType.prototype, metric);
}

@ObjectType('BaseNetwork', {
  description:
    'The unpruned network on the same test images and engine, timed in turns with the pruned one. Null: not measured.',
})
export class BaseNetworkType {
  @Field(() => GraphQLBigInt)
  params!: number;

  @Field(() => GraphQLBigInt, { description: 'For one image.' })
  macs!: number;

  @Field(() => GraphQLBigInt, { description: 'Size of its file.' })
  bytes!: number;

  @Field(() => Float, { nullable: true, description: 'Median of one image.' })
  latencyMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Images a second, in batches.' })
  throughput!: number | null;

  @Field(() => Float, { nullable: true, description: 'Value in the metric of the experiment.' })
  value!: number | null;

  @Field(() => Float, { nullable: true })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes, too.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats.' })
  loss!: number | null;
}
