import type { CompressionMetric } from '@espalier/comparison';
import type { AnyMetric } from '@espalier/engines';
import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { QualityMetricName, QualityMetricType } from '../experiments/quality-metric.ts';
import type { Context } from '../graphql/context.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { CompressionMetricEnum } from '../runs/ratio-types.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunType } from '../runs/run-resolver.ts';
import { firstOf } from './first.ts';
import { type Front, frontOf, MOST_POINTS } from './front.ts';

@ObjectType('RatioPoint', { description: 'A run that no other one beats.' })
class PointType {
  readonly id!: string;

  @Field(() => Float, { description: 'Ratio in the cost of the front, as in `Ratio`.' })
  ratio!: number;

  @Field(() => Float, {
    description: 'How much worse than its base it is, in the quality metric of the front.',
  })
  drop!: number;
}

@ObjectType('JudgedRuns', { description: 'Finished runs with one quality metric.' })
class JudgedRunsType {
  @Field(() => QualityMetricType)
  qualityMetric!: AnyMetric;

  @Field(() => Int)
  runs!: number;
}

@ObjectType('RatioFront', { description: 'The best ratios and drops over all models.' })
class FrontType {
  @Field(() => QualityMetricType, { description: 'The quality metric of its runs.' })
  qualityMetric!: AnyMetric;

  @Field(() => [JudgedRunsType], {
    description:
      'The metrics of all matching finished runs, the most frequent first. Each metric has a separate front.',
  })
  judged!: readonly JudgedRunsType[];

  @Field(() => Int, { description: 'Points, also those that are left out.' })
  count!: number;

  @Field(() => Int, {
    description: 'Different ones among the results that were looked at: those of known ratio and drop.',
  })
  networks!: number;

  @Field(() => Int, {
    description:
      'Number of different conditions of the values: starting network, data set, test images, evaluator, quality metric, recipe, recalibration, repair; for PREDICTED also the device profile. Above 1, the front shows what was reached and ranks no strategies.',
  })
  grounds!: number;

  @Field(() => Int, {
    description:
      'Finished runs by its quality metric whose ratio or drop is not known, and which are left out: of PREDICTED those without a device profile.',
  })
  unknown!: number;
}

@Resolver(() => FrontType)
export class FrontResolver {
  @Query(() => FrontType, {
    description:
      'The finished runs that no other run beats in both ratio and drop. Each run is compared with its own base, so models of different size can be shown together. Equal points are shown together; equal networks count once.',
  })
  ratioFront(
    @Ctx() context: Context,
    @Arg('cost', () => CompressionMetricEnum, { defaultValue: 'macs' }) cost: CompressionMetric,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Arg('qualityMetric', () => QualityMetricName, {
      nullable: true,
      defaultValue: 'top1',
      description:
        'Runs with other metrics are left out: drops of two metrics have no common scale. Null: the most frequent one.',
    })
    qualityMetric: string | null,
  ) {
    return frontOf(context, filter ?? {}, cost, qualityMetric);
  }

  @FieldResolver(() => [PointType], { description: 'The largest ratio first.' })
  points(
    @Root() { points }: Front,
    @Arg('first', () => Int, { defaultValue: 100, description: `At most ${MOST_POINTS}.` }) first: number,
  ) {
    return firstOf(points, first, MOST_POINTS);
  }
}

@Resolver(() => PointType)
export class FrontPointResolver {
  @FieldResolver(() => RunType, { nullable: true, description: 'Null if it was deleted meanwhile.' })
  run(@Root() { id }: PointType, @Ctx() context: Context) {
    return nodeAt('run', context, id);
  }
}
