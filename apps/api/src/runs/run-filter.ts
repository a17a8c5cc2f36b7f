import type { CompressionMetric } from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Reach, reached } from '../access/reach.ts';
import { QualityMetricFilter } from '../experiments/quality-metric.ts';
import { EvidenceFilter, OriginFilter } from '../external/origin.ts';
import {
  type Conditions,
  containing,
  filtered,
  joined,
  listed,
  numbered,
  ranged,
  tagged,
  timed,
} from '../query/conditions.ts';
import {
  enumFilter,
  FILTER_RULE,
  FloatFilter,
  IdFilter,
  IntFilter,
  TextFilter,
  TimeFilter,
} from '../query/filter-inputs.ts';
import { InProjectFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { every } from '../query/sql.ts';
import { EngineFilter } from './engine-enum.ts';
import { MetricEnum, RunStateEnum } from './run-enums.ts';
import { RUN_ORDER } from './run-order.ts';
import { RATIO, RUN } from './run-tables.ts';

const RunStateFilter = enumFilter('RunState', RunStateEnum);
type RunStateFilter = InstanceType<typeof RunStateFilter>;
const MetricFilter = enumFilter('Metric', MetricEnum);
type MetricFilter = InstanceType<typeof MetricFilter>;

@InputType('RatioFilter', {
  description:
    'How much smaller or faster pruning made it, as in Ratio: 2 is twice as small, or twice as fast.',
})
class RatioFilter implements Record<CompressionMetric, FloatFilter | null | undefined> {
  @Field(() => FloatFilter, { nullable: true })
  params: FloatFilter | null | undefined;

  @Field(() => FloatFilter, { nullable: true })
  macs: FloatFilter | null | undefined;

  @Field(() => FloatFilter, { nullable: true })
  bytes: FloatFilter | null | undefined;

  @Field(() => FloatFilter, { nullable: true })
  latency: FloatFilter | null | undefined;

  @Field(() => FloatFilter, { nullable: true })
  throughput: FloatFilter | null | undefined;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'Ratio of the times on the device of the profile.',
  })
  predicted: FloatFilter | null | undefined;
}

@InputType('RunFilter', { description: FILTER_RULE })
export class RunFilter extends InProjectFilter {
  @Field(() => IdFilter, { nullable: true })
  experiment?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true })
  model?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true })
  dataset?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true, description: 'The user who started it.' })
  createdBy?: IdFilter | null;

  @Field(() => IdFilter, {
    nullable: true,
    description: 'The benchmark that its experiment is a section of; null for none.',
  })
  benchmark?: IdFilter | null;

  @Field(() => IdFilter, {
    nullable: true,
    description: 'The sampling run that its search uses; null for none.',
  })
  sampling?: IdFilter | null;

  @Field(() => RunStateFilter, { nullable: true })
  state?: RunStateFilter | null;

  @Field(() => OriginFilter, { nullable: true })
  origin?: OriginFilter | null;

  @Field(() => EvidenceFilter, { nullable: true, description: 'Null for the platform’s own.' })
  evidence?: EvidenceFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'The tool that an imported run comes from.' })
  tool?: TextFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Its import.' })
  import?: TextFilter | null;

  @Field(() => TextFilter, { nullable: true })
  allocation?: TextFilter | null;

  @Field(() => TextFilter, { nullable: true })
  criterion?: TextFilter | null;

  @Field(() => MetricFilter, { nullable: true })
  metric?: MetricFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'The share that was to be removed.' })
  share?: FloatFilter | null;

  @Field(() => IntFilter, { nullable: true })
  seed?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true })
  priority?: IntFilter | null;

  @Field(() => EngineFilter, { nullable: true, description: 'The engine that computes it.' })
  engine?: EngineFilter | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Text in the run's notes or tags, or in the name or tags of its experiment, or the name of its model; upper and lower case are the same.",
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true })
  startedAt?: TimeFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  finishedAt?: TimeFilter | null;

  @Field(() => QualityMetricFilter, { nullable: true, description: 'The metric of its experiment.' })
  qualityMetric?: QualityMetricFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'Value of the exported network in the metric of its experiment, on the test split.',
  })
  value?: FloatFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'How much worse than the unpruned network it is in that metric.',
  })
  valueDrop?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'As exported, on the test split.' })
  top1?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  top5?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: "The unpruned network's top-1 minus its own." })
  drop?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Nats.' })
  loss?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Median of one image.' })
  latencyMs?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Images a second, in batches.' })
  throughput?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  params?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  macs?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Size of the ONNX file.' })
  bytes?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Share of the MACs removed.' })
  savedMacs?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Share of the params removed.' })
  savedParams?: FloatFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'Share of the time removed, by the device profile.',
  })
  savedLatency?: FloatFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'Predicted time of a run on the device of the profile; null without a profile.',
  })
  predictedMs?: FloatFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'The same as measured; null if another machine computed it.',
  })
  measuredMs?: FloatFilter | null;

  @Field(() => IdFilter, {
    nullable: true,
    description: 'The device whose profile predicts its times; null for none.',
  })
  device?: IdFilter | null;

  @Field(() => RatioFilter, { nullable: true })
  ratio?: RatioFilter | null;
}

export const RunListArgs = listArgs(RunFilter, RUN_ORDER);
export type RunListArgs = InstanceType<typeof RunListArgs>;

const RATIOS: Conditions<RatioFilter> = {
  params: ranged(RATIO.params),
  macs: ranged(RATIO.macs),
  bytes: ranged(RATIO.bytes),
  latency: ranged(RATIO.latency),
  throughput: ranged(RATIO.throughput),
  predicted: ranged(RATIO.predicted),
};

const CONDITIONS: Conditions<RunFilter> = {
  id: listed(RUN.id),
  project: listed(RUN.projectId),
  experiment: listed(RUN.experimentId),
  model: listed(RUN.modelId),
  dataset: listed(RUN.datasetId),
  createdBy: listed(Prisma.sql`r."createdById"`),
  benchmark: listed(Prisma.sql`e."benchmarkId"`),
  sampling: listed(Prisma.sql`r."samplingRunId"`),
  state: listed(RUN.state, 'RunState'),
  allocation: listed(RUN.allocation),
  criterion: listed(RUN.criterion),
  metric: listed(RUN.metric),
  share: ranged(RUN.share),
  seed: numbered(RUN.seed),
  priority: numbered(Prisma.sql`r."priority"`),
  engine: listed(RUN.engine),
  origin: listed(RUN.origin, 'Origin'),
  evidence: listed(RUN.evidence, 'Evidence'),
  tool: listed(RUN.tool),
  import: listed(RUN.import),
  tag: tagged(RUN.tags),
  text: containing(RUN.notes, RUN.experiment, RUN.model, joined(RUN.tags), joined(Prisma.sql`e."tags"`)),
  createdAt: timed(RUN.createdAt),
  startedAt: timed(RUN.startedAt),
  finishedAt: timed(RUN.finishedAt),
  qualityMetric: listed(RUN.qualityMetric),
  value: ranged(RUN.value),
  valueDrop: ranged(RUN.valueDrop),
  top1: ranged(RUN.top1),
  top5: ranged(RUN.top5),
  drop: ranged(RUN.drop),
  loss: ranged(RUN.loss),
  latencyMs: ranged(RUN.latencyMs),
  throughput: ranged(RUN.throughput),
  params: ranged(RUN.params),
  macs: ranged(RUN.macs),
  bytes: ranged(RUN.bytes),
  savedMacs: ranged(RUN.savedMacs),
  savedParams: ranged(RUN.savedParams),
  savedLatency: ranged(RUN.savedLatency),
  predictedMs: ranged(RUN.predictedMs),
  measuredMs: ranged(RUN.measuredMs),
  device: listed(RUN.deviceId),
  ratio: (given) => filtered(given, RATIOS),
};

/** The runs that match, those in the trash left out. */
export function runCondition(reach: Reach, filter: RunFilter): Prisma.Sql {
  return every(
    reached(reach, Prisma.sql`r."teamId"`, RUN.projectId),
    Prisma.sql`r."deletedAt" IS NULL`,
    filtered(filter, CONDITIONS),
  );
}
