// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { EpochReport } from '@espalier/engines';
import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType('Epoch', { description: 'Of a training.' })
export class EpochType implements EpochReport {
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

  @Field(() => Float, { description: 'At its last step.' })
  learningRate!: number;

  @Field(() => Float)
  imagesPerSecond!: number;

  @Field(() => Float, { description: 'Of training alone.' })
  seconds!: number;
}
