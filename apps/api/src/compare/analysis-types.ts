import type { Spread } from '@espalier/comparison';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { QualityMetricName } from '../experiments/quality-metric.ts';
import { MetricEnum } from '../runs/run-enums.ts';
import { ReasonType, VerdictEnum } from './comparability-type.ts';

@ObjectType('Strategy', {
  description:
    'All that decides a run but its target and its seed: how units are ranked, how many of each group stay, limits on widths, rounds with their recovery, repair, recalibration and fine-tuning.',
})
export class StrategyType {
  @Field(() => String, { description: 'Tells strategies apart.' })
  key!: string;

  @Field(() => String, {
    description: 'For people, with what is not as usual about it: "cie · l1 · widths of 8".',
  })
  name!: string;

  @Field(() => String)
  allocation!: string;

  @Field(() => String)
  criterion!: string;
}

@ObjectType('Spread', { description: 'A mean and what it is over: equal networks count once.' })
export class SpreadType implements Spread {
  @Field(() => Float)
  mean!: number;

  @Field(() => Float, { nullable: true, description: 'Sample standard deviation; null for one value.' })
  deviation!: number | null;

  @Field(() => Int)
  n!: number;
}

@ObjectType('RankedPoint', { description: 'A strategy at a target, over seeds.' })
class RankedPointType extends SpreadType {
  @Field(() => Float, {
    nullable: true,
    description:
      '1 is the best mean; equal ones share their mean rank. Null if savings lie apart (`apart` of the point).',
  })
  rank!: number | null;
}

@ObjectType('OperatingPoint', { description: 'A target that strategies meet at.' })
class OperatingPointType {
  @Field(() => MetricEnum)
  metric!: string;

  @Field(() => Float, { description: 'The share that was to be removed.' })
  share!: number;

  @Field(() => Boolean, {
    description: 'All strategies have a result here: only such points count together.',
  })
  shared!: boolean;

  @Field(() => Float, {
    nullable: true,
    description:
      'How much the mean savings of strategies differ, if by more than 0.02: then no strategy is ahead here. Null if they can be compared.',
  })
  apart!: number | null;

  @Field(() => Float, { nullable: true, description: 'The smallest saving that was achieved.' })
  savedFrom!: number | null;

  @Field(() => Float, { nullable: true, description: 'The largest one.' })
  savedTo!: number | null;
}

@ObjectType('RankedStrategy', { description: 'A row of a rank table.' })
class RankedStrategyType {
  @Field(() => StrategyType)
  strategy!: StrategyType;

  @Field(() => [RankedPointType], {
    nullable: 'items',
    description: "In the order of the table's points; null if it has no result.",
  })
  points!: (RankedPointType | null)[];

  @Field(() => Float, {
    nullable: true,
    description: 'Mean over the shared points that are ranked; null if there are none.',
  })
  meanRank!: number | null;

  @Field(() => SpreadType, {
    nullable: true,
    description:
      "Over seeds: each one's mean over the shared points that are ranked, where it has all of them.",
  })
  overall!: SpreadType | null;
}

@ObjectType('RankTable', {
  description: 'Strategies by the quality metric of their group at each target, the best mean rank first.',
})
export class RankTableType {
  @Field(() => [OperatingPointType])
  points!: OperatingPointType[];

  @Field(() => [RankedStrategyType])
  strategies!: RankedStrategyType[];
}

@ObjectType('CurveArea', { description: "A strategy's values by the quality metric over saving." })
class CurveAreaType {
  @Field(() => StrategyType)
  strategy!: StrategyType;

  @Field(() => Int, { description: 'Whose target was of that cost; equal networks count once.' })
  runs!: number;

  @Field(() => Float, { nullable: true, description: 'Under the curve, by the trapezoid rule.' })
  area!: number | null;

  @Field(() => Float, { nullable: true, description: "The area over the range's length: a mean value." })
  mean!: number | null;
}

@ObjectType('CurveAreas', {
  description: 'All over one range: the savings that every strategy reaches, from the unpruned network on.',
})
export class CurveAreasType {
  @Field(() => Float, { nullable: true, description: 'Null if strategies have no range in common.' })
  from!: number | null;

  @Field(() => Float, { nullable: true })
  to!: number | null;

  @Field(() => [CurveAreaType], {
    description: 'The best first: the largest area, of errors and losses the smallest.',
  })
  strategies!: CurveAreaType[];
}

@ObjectType('Match', {
  description:
    "Two strategies, compared wherever both have a run with the same target and seed; equal networks count once. Each pair is won or lost if McNemar's exact test finds a difference at the level.",
})
export class MatchType {
  @Field(() => StrategyType)
  a!: StrategyType;

  @Field(() => StrategyType)
  b!: StrategyType;

  @Field(() => Int, { description: 'Wins of a.' })
  wins!: number;

  @Field(() => Int)
  ties!: number;

  @Field(() => Int)
  losses!: number;

  @Field(() => Int, {
    description: 'Meetings without a test: hits were not kept, or the quality metric is another than TOP1.',
  })
  untested!: number;

  @Field(() => Int, {
    description: 'Meetings that do not count: achieved savings differ by more than two points.',
  })
  uncompared!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The largest such difference; null if there is none.',
  })
  apart!: number | null;

  @Field(() => Int, { description: 'Targets and seeds that both have; equal networks count once.' })
  meetings!: number;

  @Field(() => Float, {
    nullable: true,
    description: "Mean of a's value minus b's, by the quality metric; null without a meeting that counts.",
  })
  difference!: number | null;
}

@ObjectType('PairedTest', {
  description: "McNemar's exact test of two networks on the same test images, two-sided.",
})
class PairedTestType {
  @Field(() => Int, { description: 'Images that only a gets right.' })
  b!: number;

  @Field(() => Int, { description: 'Images that only b gets right.' })
  c!: number;

  @Field(() => Int)
  images!: number;

  @Field(() => Float, { description: "a's accuracy minus b's." })
  difference!: number;

  @Field(() => Float, { description: 'Standard error of the difference, for the same images.' })
  standardError!: number;

  @Field(() => Float)
  p!: number;
}

@ObjectType('GroupSimilarity', { description: 'A channel group of two structures.' })
class GroupSimilarityType {
  @Field(() => String)
  group!: string;

  @Field(() => Float, { description: '1 minus the difference of the shares that are kept.' })
  widths!: number;
}

@ObjectType('StructureSimilarity', {
  description:
    'How similar two structures of one network are: 0 if nothing is shared, 1 if they are the same.',
})
class StructureSimilarityType {
  @Field(() => Float, { description: 'Mean over the groups of 1 minus the difference of the shares kept.' })
  widths!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean over the groups of the Jaccard index of the kept units; null if they are not known.',
  })
  units!: number | null;

  @Field(() => [GroupSimilarityType])
  groups!: GroupSimilarityType[];
}

@ObjectType('RunPair', { description: 'Two of the chosen runs.' })
export class RunPairType {
  @Field(() => VerdictEnum, { description: 'Whether the two may be compared.' })
  verdict!: string;

  @Field(() => [ReasonType])
  reasons!: ReasonType[];

  @Field(() => PairedTestType, {
    nullable: true,
    description:
      'Null if hits were not kept, the two are judged by another metric than TOP1, may not be compared, or savings lie apart.',
  })
  test!: PairedTestType | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'How much the achieved savings differ, if by more than 0.02: then there is no test. Null if they can be compared.',
  })
  apart!: number | null;

  @Field(() => StructureSimilarityType, { nullable: true, description: 'Null for cuts of two networks.' })
  similarity!: StructureSimilarityType | null;
}

@ObjectType('RelativeResult', {
  description:
    'A strategy at a target over all networks and data sets, each run against its own base. Side by side, never a ranking.',
})
export class RelativeResultType {
  @Field(() => StrategyType)
  strategy!: StrategyType;

  @Field(() => MetricEnum)
  metric!: string;

  @Field(() => Float, { description: 'The share that was to be removed.' })
  share!: number;

  @Field(() => Int, { description: 'Equal networks count once.' })
  runs!: number;

  @Field(() => Int, { description: 'Unpruned networks on data sets.' })
  bases!: number;

  @Field(() => SpreadType, { nullable: true })
  savedMacs!: SpreadType | null;

  @Field(() => SpreadType, { nullable: true })
  savedParams!: SpreadType | null;

  @Field(() => SpreadType, { nullable: true, description: 'Predicted by device profiles; null without any.' })
  savedLatency!: SpreadType | null;

  @Field(() => QualityMetricName, { description: 'The metric that the runs are judged by.' })
  qualityMetric!: string;

  @Field(() => SpreadType, {
    nullable: true,
    description: "Value minus the base's, by the quality metric: of accuracies negative for a loss.",
  })
  change!: SpreadType | null;
}
