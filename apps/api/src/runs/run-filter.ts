import { COMPRESSION_METRICS, type CompressionMetric } from '@espalier/comparison';
import type { Target } from '@espalier/pruning';
import { Prisma, type RunState } from '@espalier/store';
import { Field, ID, InputType, Int } from 'type-graphql';
import { type Reach, reached } from '../access/reach.ts';
import { FloatRange, TimeRange } from '../query/inputs.ts';
import { FILTER_RULE, ProjectFilter } from '../query/item-filter.ts';
import { between, contains, equal, every, oneOf, tagged, within } from '../query/sql.ts';
import { MetricEnum, RunStateEnum } from './run-enums.ts';
import { RATIO, RUN } from './run-tables.ts';

@InputType('RatioFilter', { description: 'As `Ratio` has them; what was not measured is in no range.' })
export class RatioFilter implements Partial<Record<CompressionMetric, FloatRange | null>> {
  @Field(() => FloatRange, { nullable: true })
  params?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true })
  macs?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true })
  bytes?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true })
  latency?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true })
  throughput?: FloatRange | null;
}

@InputType('RunFilter', { description: FILTER_RULE })
export class RunFilter extends ProjectFilter {
  @Field(() => [ID], { nullable: true })
  experimentIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  modelIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  datasetIds?: string[] | null;

  @Field(() => [RunStateEnum], { nullable: true })
  states?: RunState[] | null;

  @Field(() => [String], { nullable: true })
  allocations?: string[] | null;

  @Field(() => [String], { nullable: true })
  criteria?: string[] | null;

  @Field(() => MetricEnum, { nullable: true })
  metric?: Target['metric'] | null;

  @Field(() => FloatRange, { nullable: true, description: 'That was to be removed.' })
  share?: FloatRange | null;

  @Field(() => [Int], { nullable: true })
  seeds?: number[] | null;

  @Field(() => String, {
    nullable: true,
    description: "In the run's notes, or the name of its experiment or model; whatever its case.",
  })
  text?: string | null;

  @Field(() => FloatRange, { nullable: true, description: 'As exported, on the test split.' })
  top1?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true, description: "The unpruned network's top-1 minus its own." })
  drop?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true, description: 'Share of the MACs removed.' })
  savedMacs?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true, description: 'Share of the params removed.' })
  savedParams?: FloatRange | null;

  @Field(() => RatioFilter, { nullable: true, description: 'Base over pruned: 2 is twice as small.' })
  ratio?: RatioFilter | null;

  @Field(() => FloatRange, { nullable: true, description: 'Nats.' })
  loss?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true, description: 'Median of one image.' })
  latencyMs?: FloatRange | null;

  @Field(() => FloatRange, { nullable: true, description: 'Images a second, in batches.' })
  throughput?: FloatRange | null;

  @Field(() => [String], { nullable: true, description: 'That it is computed with.' })
  engines?: string[] | null;

  @Field(() => TimeRange, { nullable: true })
  finished?: TimeRange | null;
}

/** The runs that match, those in the trash left out. */
export function runCondition(reach: Reach, filter: RunFilter): Prisma.Sql {
  return every(
    reached(reach, Prisma.sql`r."teamId"`, RUN.projectId),
    Prisma.sql`r."deletedAt" IS NULL`,
    oneOf(RUN.id, filter.ids),
    oneOf(RUN.projectId, filter.projectIds),
    oneOf(RUN.experimentId, filter.experimentIds),
    oneOf(RUN.modelId, filter.modelIds),
    oneOf(RUN.datasetId, filter.datasetIds),
    filter.states ? Prisma.sql`r."state" = ANY(${filter.states}::"RunState"[])` : null,
    oneOf(RUN.allocation, filter.allocations),
    oneOf(RUN.criterion, filter.criteria),
    equal(RUN.metric, filter.metric),
    within(RUN.share, filter.share),
    oneOf(RUN.seed, filter.seeds),
    tagged(RUN.tags, filter.tags),
    contains([RUN.notes, RUN.experiment, RUN.model], filter.text),
    between(RUN.createdAt, filter.created),
    within(RUN.top1, filter.top1),
    within(RUN.drop, filter.drop),
    within(RUN.savedMacs, filter.savedMacs),
    within(RUN.savedParams, filter.savedParams),
    ...COMPRESSION_METRICS.map((metric) => within(RATIO[metric], filter.ratio?.[metric])),
    within(RUN.loss, filter.loss),
    within(RUN.latencyMs, filter.latencyMs),
    within(RUN.throughput, filter.throughput),
    oneOf(Prisma.sql`r."engine"`, filter.engines),
    between(RUN.finishedAt, filter.finished),
  );
}
