import { BUDGET_METRICS, type Budget } from '@espalier/comparison';
import { metricBy } from '@espalier/engines';
import type { Target } from '@espalier/pruning';
import { GraphQLBigInt } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  InputType,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { QualityMetricType } from '../experiments/quality-metric.ts';
import { PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { ModelType } from '../models/model-resolver.ts';
import { nodeAt, nodesAt } from '../nodes/nodes.ts';
import { pageOfIds } from '../query/page-of-ids.ts';
import { MetricEnum } from '../runs/run-enums.ts';
import { RunConnection, RunType } from '../runs/run-resolver.ts';
import { groupName, idsOf, type RunGroup, strategyOf } from './analysis.ts';
import { CurveAreasType, MatchType, RankTableType, StrategyType } from './analysis-types.ts';
import { comparabilityOf } from './comparability.ts';
import { ComparabilityType } from './comparability-type.ts';
import { areasOf, bestOf, frontOf, MEASURES, type Measure, matchesOf, ranksOf } from './run-group.ts';

const MeasureEnum = enumType(
  'Measure',
  Object.keys(MEASURES),
  'A measure of runs: for accuracies higher is better, for loss and costs lower. VALUE is in the quality metric of their group, which says what is better.',
);
const BudgetMetricEnum = enumType<Budget['metric']>(
  'BudgetMetric',
  BUDGET_METRICS,
  'The quantity that a budget limits.',
);

@InputType('BudgetInput', {
  description:
    "An upper limit: of MACs, params, milliseconds of one image on the machine that computed it, or predicted milliseconds on the profile's device.",
})
class BudgetInput implements Budget {
  @Field(() => BudgetMetricEnum)
  metric!: Budget['metric'];

  @Field(() => Float)
  most!: number;
}

@ObjectType('BestRun', { description: 'The best run within a budget, by the quality metric of its group.' })
class BestRunType {
  @Field(() => StrategyType)
  strategy!: StrategyType;

  @Field(() => MetricEnum)
  metric!: string;

  @Field(() => Float, { description: 'The share that was to be removed.' })
  share!: number;

  @Field(() => Int)
  seed!: number;

  @Field(() => Float, { nullable: true, description: 'Value in the quality metric of its group.' })
  value!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null without labels.' })
  top1!: number | null;

  @Field(() => GraphQLBigInt, { nullable: true })
  macs!: number | null;

  @Field(() => GraphQLBigInt, { nullable: true })
  params!: number | null;

  @Field(() => Float, { nullable: true, description: 'Median of one image.' })
  latencyMs!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Predicted time of a run on the device of the profile.',
  })
  predictedMs!: number | null;
}

@ObjectType('RunGroup', {
  description:
    'Comparable runs: the same starting network, test images, quality metric, recipe, recalibration and repair.',
})
export class RunGroupType {}

@Resolver(() => RunGroupType)
export class RunGroupResolver {
  @FieldResolver(() => String, { description: 'What its runs have in common, in words.' })
  name(@Root() { first }: RunGroup): string {
    return groupName(first);
  }

  @FieldResolver(() => ModelType, {
    description: 'The model of its newest run; the others have the same weights.',
  })
  model(@Root() { first }: RunGroup, @Ctx() context: Context) {
    return nodeAt('model', context, first.modelId);
  }

  @FieldResolver(() => DatasetType, {
    description: 'The data set of its newest run; the others have the same images.',
  })
  dataset(@Root() { first }: RunGroup, @Ctx() context: Context) {
    return nodeAt('data', context, first.datasetId);
  }

  @FieldResolver(() => QualityMetricType, { description: 'The quality metric of all of them.' })
  qualityMetric(@Root() { first }: RunGroup): QualityMetricType {
    return metricBy(first.qualityMetric);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Value of the unpruned network in the quality metric.',
  })
  baseValue(@Root() { first }: RunGroup): number | null {
    return first.baseValue;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Top-1 of the unpruned network; null without labels.',
  })
  baseTop1(@Root() { first }: RunGroup): number | null {
    return first.baseTop1;
  }

  @FieldResolver(() => RunConnection, { description: 'The newest first.' })
  runs(@Root() { runs }: RunGroup, @Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    return pageOfIds(args, 'RunGroup.runs', idsOf(runs), (ids) => nodesAt('run', context, ids));
  }

  @FieldResolver(() => Int)
  count(@Root() { runs }: RunGroup): number {
    return runs.length;
  }

  @FieldResolver(() => ComparabilityType, { description: 'Never that they may not be compared.' })
  comparability(@Root() { runs }: RunGroup) {
    return comparabilityOf(runs, []);
  }

  @FieldResolver(() => [RunType], { description: 'The runs that no other one beats in both measures.' })
  front(
    @Root() group: RunGroup,
    @Ctx() context: Context,
    @Arg('of', () => MeasureEnum, { defaultValue: 'value' }) one: Measure,
    @Arg('against', () => MeasureEnum, { defaultValue: 'macs' }) other: Measure,
  ) {
    return nodesAt('run', context, frontOf(group, one, other));
  }

  @FieldResolver(() => RankTableType, { description: 'Who is ahead at each target, and over all of them.' })
  ranks(@Root() group: RunGroup) {
    return ranksOf(group);
  }

  @FieldResolver(() => CurveAreasType, {
    description: 'The quality metric over the saved share of a cost, as one number.',
  })
  areas(
    @Root() group: RunGroup,
    @Arg('saving', () => MetricEnum, { defaultValue: 'macs' }) saving: Target['metric'],
  ) {
    return areasOf(group, saving);
  }

  @FieldResolver(() => BestRunType, {
    nullable: true,
    description: 'Null if no run is within the budget.',
  })
  best(@Root() group: RunGroup, @Arg('budget', () => BudgetInput) budget: Budget) {
    const run = bestOf(group, budget);
    return run && { ...run, strategy: strategyOf(run) };
  }

  @FieldResolver(() => [MatchType], {
    description:
      'Each pair of strategies, by the images that their runs get right; metrics other than TOP1 have no test.',
  })
  matches(
    @Root() group: RunGroup,
    @Arg('level', () => Float, { defaultValue: 0.05, description: 'p below it counts.' }) level: number,
  ) {
    return matchesOf(group, level);
  }
}

@Resolver(() => BestRunType)
export class BudgetedRunResolver {
  @FieldResolver(() => RunType)
  run(@Root() { id }: { readonly id: string }, @Ctx() context: Context) {
    return nodeAt('run', context, id);
  }
}
