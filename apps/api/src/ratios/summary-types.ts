// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { COMPRESSION_METRICS } from '@espalier/comparison';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { SpreadType, StrategyType } from '../compare/analysis-types.ts';
import { QualityMetricName } from '../experiments/quality-metric.ts';
import { enumType } from '../graphql/enums.ts';
import { MetricEnum } from '../runs/run-enums.ts';
import { SUMMARY_KEYS } from './summary.ts';

export const SummaryKeyEnum = enumType(
  'SummaryKey',
  SUMMARY_KEYS,
  'What the runs of a group have in common.',
);

@ObjectType('Target', { description: 'The target of a run.' })
export class TargetType {
  @Field(() => MetricEnum)
  metric!: string;

  @Field(() => Float, { description: 'The share to remove.' })
  share!: number;
}

@ObjectType('BestSpread', { description: 'A mean over different networks, and the best of them.' })
export class BestSpreadType extends SpreadType {
  @Field(() => Float, { description: 'The smallest drop; of top-1 and ratios the largest value.' })
  best!: number;

  readonly bestRunId!: string | null;
}

@ObjectType('RatioSpread', {
  description:
    'How much smaller or faster pruning made networks, as in `Ratio`, over different networks. Null if none was measured.',
})
export class RatioSpreadType {}
for (const metric of COMPRESSION_METRICS) {
  Field(() => BestSpreadType, { nullable: true })(RatioSpreadType.prototype, metric);
}

@ObjectType('SummaryGroup', {
  description: 'Finished runs that are equal in all grouping keys; other keys are null.',
})
export class SummaryGroupType {
  @Field(() => StrategyType, { nullable: true })
  strategy!: StrategyType | null;

  @Field(() => Int)
  runs!: number;

  @Field(() => Int, {
    description: 'Different ones among their results: equal networks count once, as the first.',
  })
  networks!: number;

  @Field(() => Int, {
    description:
      'Different device profiles by which times are predicted. Above 1 `ratio.predicted` is null: such times have no mean.',
  })
  profiles!: number;

  @Field(() => QualityMetricName, {
    nullable: true,
    description: 'The quality metric of the runs; null if they differ: then drops have no mean.',
  })
  qualityMetric!: string | null;

  @Field(() => Int, {
    description:
      "Number of different conditions of the values: starting network, data set, test images, evaluator, quality metric, recipe, recalibration, repair. Above 1, drops and ratios against each run's own base are shown side by side, and nothing is ranked.",
  })
  grounds!: number;
}

@ObjectType('Summary', {
  description: 'Finished runs in groups, with means over the different networks of each.',
})
export class SummaryType {
  @Field(() => Int, { description: 'All groups, also those that are left out.' })
  groupCount!: number;
}
