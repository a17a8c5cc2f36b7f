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
  'How far it is.',
  {
    waiting: 'For a worker.',
    running: 'A worker is at it.',
    done: 'What it found stands beside what was told.',
    failed: 'See `error`; it may be asked for again.',
    cancelled: 'By a person; it may be asked for again.',
  },
);

@ObjectType('Recomputation', {
  description: "A worker's evaluation of a network that was made elsewhere, beside what was told of it.",
})
export class RecomputationType {
  @Field(() => RecomputationStateEnum)
  state!: RecomputationState;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error!: string | null;

  @Field(() => Int, { description: 'Of the test split: all of them, or as many drawn ones.' })
  images!: number;

  @Field(() => Int, { description: 'Of these.' })
  done!: number;

  @Field(() => EngineEnum, { description: 'That it is computed with.' })
  engine!: string;

  @Field(() => Float, { nullable: true, description: 'As the worker found it; null until then.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats.' })
  loss!: number | null;

  @Field(() => Float, { nullable: true, description: 'By the metric of the experiment.' })
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What was told by it: of the same images where it was told which ones are right, else of the whole split.',
  })
  told!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of `difference`, where `told` is of other images; 0 where it is of the same ones, null where it is not known.',
  })
  standardError!: number | null;

  @Field(() => [String], { description: 'What the worker noted on the way.' })
  notes!: string[];

  @Field(() => Float, { nullable: true, description: 'Of evaluating.' })
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

  @FieldResolver(() => Float, { nullable: true, description: '`value` minus `told`: 0.01 is one point.' })
  difference(@Root() row: Recomputation) {
    return differenceOf(row);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the difference is within 0.1 point and two standard errors; null where that is not known.',
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
