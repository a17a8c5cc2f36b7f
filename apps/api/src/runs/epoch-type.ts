// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType('Epoch', { description: 'An epoch of a training.' })
export class EpochType {
  @Field(() => Float, {
    nullable: true,
    description: 'Value in the metric of the experiment, for an imported run with a metric other than top-1.',
  })
  value?: number | null;

  @Field(() => Float, { description: '1, 2, ... or a part of one at the end: 2.5.' })
  epoch!: number;

  @Field(() => Float, { description: 'Mean over its steps, nats.' })
  loss!: number;

  @Field(() => Float, { nullable: true, description: 'On the search split; null if that has no images.' })
  top1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Rate at the last step; null if another tool did not report it, like the next two.',
  })
  learningRate!: number | null;

  @Field(() => Float, { nullable: true })
  imagesPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'Seconds of training only.' })
  seconds!: number | null;
}
