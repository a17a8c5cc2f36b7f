// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType('Epoch', { description: 'Of a training.' })
export class EpochType {
  @Field(() => Float, {
    nullable: true,
    description:
      'By the metric of the experiment, of a run that was computed elsewhere and is judged by another one than top-1.',
  })
  value?: number | null;

  @Field(() => Float, { description: '1, 2, ... or a part of one at the end: 2.5.' })
  epoch!: number;

  @Field(() => Float, { description: 'Mean over its steps, nats.' })
  loss!: number;

  @Field(() => Float, { nullable: true, description: 'On the search split; null where that has no images.' })
  top1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'At its last step; null where another tool did not tell it, as the next two.',
  })
  learningRate!: number | null;

  @Field(() => Float, { nullable: true })
  imagesPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of training alone.' })
  seconds!: number | null;
}
