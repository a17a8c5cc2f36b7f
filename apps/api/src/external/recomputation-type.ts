// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { recomputedAgrees } from '@espalier/comparison';
import { type Recomputation, RecomputationState } from '@espalier/store';
import {
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { EngineEnum } from '../runs/engine-enum.ts';

const RecomputationStateEnum = enumType(
  'RecomputationState',
  Object.values(RecomputationState),
  'Progress.',
  {
    waiting: 'For a worker.',
    running: 'A worker is at it.',
    done: 'Its value is stored next to the reported one.',
    failed: 'See `error`; it may be asked for again.',
    cancelled: 'By a person; it may be requested again.',
  },
);

@ObjectType('Recomputation', {
  description: "A worker's evaluation of an imported network, beside the reported value.",
})
export class RecomputationType {
  @Field(() => RecomputationStateEnum)
  state!: RecomputationState;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error!: string | null;

  @Field(() => Int, {
    description: 'Images of the test split: all of them, or a random sample of this size.',
  })
  images!: number;

  @Field(() => Int, { description: 'How many of these are done.' })
  done!: number;

  @Field(() => EngineEnum, { description: 'The engine that computes it.' })
  engine!: string;

  @Field(() => Float, { nullable: true, description: 'As the worker found it; null until then.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats.' })
  loss!: number | null;

  @Field(() => Float, { nullable: true, description: 'Value in the metric of the experiment.' })
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The reported value: of the same images if it is known which of them are right, else of the whole split.',
  })
  told!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Standard error of `difference` if `told` is of other images; 0 if it is of the same ones, null if that is not known.',
  })
  standardError!: number | null;

  @Field(() => [String], { description: 'Notes of the worker.' })
  notes!: string[];

  @Field(() => Float, { nullable: true, description: 'Seconds of evaluating.' })
  seconds!: number | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;
}

@Resolver(() => RecomputationType)
export class RecomputationResolver {
  @FieldResolver(() => DatasetType, {
    nullable: true,
    description: 'Whose images are evaluated; null once it is purged.',
  })
  dataset(@Root() { datasetId }: Recomputation, @Ctx() context: Context) {
    return datasetId === null ? null : nodeAt('data', context, datasetId);
  }

  @FieldResolver(() => Float, { nullable: true, description: '`value` minus `told`; 0.01 is one point.' })
  difference(@Root() row: Recomputation) {
    return differenceOf(row);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the difference is within 0.1 point and two standard errors; null if that is not known.',
  })
  agrees(@Root() row: Recomputation) {
    return recomputedAgrees({
      recomputedDifference: differenceOf(row),
      recomputedError: row.standardError,
    });
  }
}

function differenceOf({ value, told }: Recomputation): number | null {
  return value === null || told === null ? null : value - told;
}
