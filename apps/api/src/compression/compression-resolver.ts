import type { CompressionMetric } from '@espalier/comparison';
import { GraphQLBigInt } from 'graphql-scalars';
import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { DatasetType } from '../datasets/dataset-resolver.ts';
import { IntervalType, SpeedupType } from '../devices/speedup-types.ts';
import { QualityMetricType } from '../experiments/quality-metric.ts';
import { RecipeType, shownRecipe } from '../experiments/recipe-type.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { firstOf } from '../ratios/first.ts';
import { CompressionMetricEnum, RatioType } from '../runs/ratio-types.ts';
import { MetricEnum } from '../runs/run-enums.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunType } from '../runs/run-resolver.ts';
import { MOST_RUNS } from './batches.ts';
import { type CompressionLine, compressionOf, DEFAULT_BUDGETS } from './compression.ts';

@ObjectType('NetworkCosts', { description: 'The costs of a network. Null if one was not measured.' })
class CostsType {
  @Field(() => GraphQLBigInt)
  params!: number;

  @Field(() => GraphQLBigInt, { description: 'For one image.' })
  macs!: number;

  @Field(() => GraphQLBigInt, { nullable: true, description: 'Size of its file.' })
  bytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Median of one image, milliseconds.' })
  latency!: number | null;

  @Field(() => Float, { nullable: true, description: 'Images a second, in batches.' })
  throughput!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Predicted time of a run on the device of the profile, in milliseconds.',
  })
  predicted!: number | null;
}

@ObjectType('CompressionBest', { description: 'The run with the largest ratio within a budget.' })
class BestType {
  @Field(() => String, { description: 'Strategy, target and seed in words.' })
  name!: string;

  @Field(() => String)
  allocation!: string;

  @Field(() => String)
  criterion!: string;

  @Field(() => MetricEnum, { description: 'The metric of its target.' })
  metric!: string;

  @Field(() => Float, { description: 'The share that was to be removed.' })
  share!: number;

  @Field(() => Int)
  seed!: number;

  @Field(() => Float, { description: 'Value of the unpruned network in the quality metric of the row.' })
  baseValue!: number;

  @Field(() => Float, {
    description: 'Value in the same metric, of the exported network on the whole test split.',
  })
  value!: number;

  @Field(() => Float, { nullable: true, description: 'Top-1 of the unpruned network; null without labels.' })
  baseTop1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'As exported, on the whole test split; null without labels.',
  })
  top1!: number | null;

  @Field(() => Float, { description: 'How much worse `value` is than `baseValue`.' })
  drop!: number;

  @Field(() => CostsType, { description: 'Costs of the unpruned network.' })
  before!: CostsType;

  @Field(() => CostsType)
  after!: CostsType;

  @Field(() => RatioType)
  ratio!: RatioType;

  @Field(() => IntervalType, { nullable: true, description: 'The interval of `ratio.latency`.' })
  latencyInterval!: IntervalType | null;

  @Field(() => IntervalType, { nullable: true, description: 'The interval of `ratio.throughput`.' })
  throughputInterval!: IntervalType | null;

  @Field(() => SpeedupType, {
    nullable: true,
    description:
      'Time measured on the machine of the profile, together with the unpruned network; null if it was not measured.',
  })
  measured!: SpeedupType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The device that latency and throughput were measured on.',
  })
  device!: string | null;
}

@ObjectType('CompressionRow', {
  description: 'Comparable runs: one network, one data set, one recipe and one quality metric.',
})
class RowType {
  @Field(() => QualityMetricType, {
    description: 'The quality metric of its runs; drops are in its unit.',
  })
  qualityMetric!: QualityMetricType;

  @Field(() => String, {
    nullable: true,
    description: 'The weights of outputs in it, as JSON; null if all count alike.',
  })
  outputWeights!: string | null;

  @Field(() => Int, { nullable: true, description: 'Training images that BatchNorm was recalibrated on.' })
  recalibrate!: number | null;

  @Field(() => Int, {
    description: 'Number of training images for the repair of the layers after the cuts; 0 for no repair.',
  })
  repair!: number;

  @Field(() => Int, { nullable: true, description: 'Images of the test split.' })
  images!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The device by whose profile its times are predicted; null for other metrics.',
  })
  profiledDevice!: string | null;

  @Field(() => Int, { description: 'Runs with a result.' })
  runs!: number;

  @Field(() => Int, {
    description: 'Number of different networks among their results.',
  })
  networks!: number;

  @Field(() => [String], {
    description:
      'The evaluators of its imported runs, as in `PrunedResult.evaluator`. Evaluators that score the unpruned network differently have separate rows.',
  })
  evaluators!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Why its runs are only comparable with a reservation; null if all have one evaluator.',
  })
  reservation!: string | null;

  @Field(() => [BestType], {
    nullable: 'items',
    description: 'For each budget, in their order; null if no run is within it.',
  })
  best!: readonly (BestType | null)[];
}

@ObjectType('Compression', {
  description: 'The largest compression of each network at each allowed drop.',
})
class CompressionType {
  @Field(() => [Float])
  budgets!: number[];

  @Field(() => CompressionMetricEnum)
  metric!: CompressionMetric;

  @Field(() => Int, { description: 'Number of runs that were considered.' })
  runs!: number;

  @Field(() => Int, {
    description:
      'How many of those runs have no known ratio in the metric: they are within no budget. For PREDICTED these are runs without a device profile; they are in no row.',
  })
  unknown!: number;

  @Field(() => Boolean, { description: `There are more: the newest ${MOST_RUNS} were looked at.` })
  truncated!: boolean;

  @Field(() => Int, { description: 'Rows, also those that are left out.' })
  rowCount!: number;

  @Field(() => Int, { description: 'Models of all rows.' })
  modelCount!: number;
}

@Resolver(() => CompressionType)
export class CompressionRowsResolver {
  @FieldResolver(() => [RowType], { description: 'Ordered by model, then data set.' })
  rows(
    @Root() { rows }: { readonly rows: readonly CompressionLine[] },
    @Arg('first', () => Int, { nullable: true, description: `At most ${MOST_RUNS}. Default: all.` })
    first: number | null | undefined,
  ) {
    return first == null ? rows : firstOf(rows, first, MOST_RUNS);
  }
}

@Resolver(() => RowType)
export class CompressionResolver {
  @Query(() => CompressionType, {
    description:
      'For each network and data set the finished run with the largest ratio in the metric, at each budget.',
  })
  compression(
    @Ctx() context: Context,
    @Arg('budgets', () => [Float], {
      defaultValue: DEFAULT_BUDGETS,
      description:
        "Largest allowed drops, at most 10, in the unit of each row's quality metric: of TOP1 0.01 is one point.",
    })
    budgets: number[],
    @Arg('metric', () => CompressionMetricEnum, { defaultValue: 'macs' }) metric: CompressionMetric,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
  ) {
    return compressionOf(context, { filter: filter ?? {}, budgets, metric });
  }

  @FieldResolver(() => RecipeType, {
    nullable: true,
    description: 'How the runs were fine-tuned; null if they were not.',
  })
  async recipe(@Root() { experimentId }: CompressionLine, @Ctx() context: Context) {
    const recipe = (await nodeAt('exp', context, experimentId))?.recipe ?? null;
    return recipe === null ? null : shownRecipe(recipe);
  }

  @FieldResolver(() => ModelType)
  model(@Root() { modelId }: CompressionLine, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }

  @FieldResolver(() => DatasetType)
  dataset(@Root() { datasetId }: CompressionLine, @Ctx() context: Context) {
    return nodeAt('data', context, datasetId);
  }
}

@Resolver(() => BestType)
export class CompressionBestResolver {
  @FieldResolver(() => RunType)
  run(@Root() { runId }: { readonly runId: string }, @Ctx() context: Context) {
    return nodeAt('run', context, runId);
  }
}
