import { Prisma, SamplingState } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { QualityMetricFilter } from '../experiments/quality-metric.ts';
import { OriginFilter } from '../external/origin.ts';
import { enumType } from '../graphql/enums.ts';
import { type Conditions, listed, numbered, ranged, timed } from '../query/conditions.ts';
import {
  enumFilter,
  FILTER_RULE,
  FloatFilter,
  IdFilter,
  IntFilter,
  TextFilter,
  TimeFilter,
} from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';
import { metricOf } from '../query/quality.ts';

export const SamplingStateEnum = enumType(
  'SamplingState',
  Object.values(SamplingState),
  'State of a sampling run.',
);
const SamplingStateFilter = enumFilter('SamplingState', SamplingStateEnum);
type SamplingStateFilter = InstanceType<typeof SamplingStateFilter>;

const OF_A_RUN = {
  nullable: true,
  description:
    'The project of a run that uses it; fields about runs must all match the same run. For an imported one, its own project.',
} as const;

@InputType('SamplingRunFilter', { description: FILTER_RULE })
export class SamplingFilter extends BasicFilter {
  @Field(() => IdFilter, OF_A_RUN)
  project?: IdFilter | null;

  @Field(() => IdFilter, OF_A_RUN)
  model?: IdFilter | null;

  @Field(() => IdFilter, OF_A_RUN)
  dataset?: IdFilter | null;

  @Field(() => TextFilter, { nullable: true })
  criterion?: TextFilter | null;

  @Field(() => OriginFilter, { nullable: true })
  origin?: OriginFilter | null;
  @Field(() => QualityMetricFilter, { nullable: true, description: 'The metric of its drops.' })
  qualityMetric?: QualityMetricFilter | null;

  @Field(() => SamplingStateFilter, { nullable: true })
  state?: SamplingStateFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'Images of the search split.' })
  samples?: IntFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'Seed of the images.' })
  seed?: IntFilter | null;

  @Field(() => FloatFilter, {
    nullable: true,
    description: 'Top-1 of the unpruned network on the same images.',
  })
  baselineTop1?: FloatFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  finishedAt?: TimeFilter | null;
}

const [samples, baselineTop1] = [Prisma.sql`s."samples"`, Prisma.sql`s."baselineTop1"`];

const order = orderInput('SamplingRun', 'sampling runs', {
  samples: { value: samples, type: 'bigint' },
  baselineTop1: { value: baselineTop1, type: 'float8' },
});
export const samplingSorting = order.sorting;
export const SamplingListArgs = listArgs(SamplingFilter, order);
export type SamplingListArgs = InstanceType<typeof SamplingListArgs>;

type OfRuns = Pick<SamplingFilter, 'project' | 'model' | 'dataset'>;

/** Of a run and its experiment `e`. */
export const RUN_CONDITIONS: Conditions<OfRuns> = {
  project: listed(Prisma.sql`e."projectId"`),
  model: listed(Prisma.sql`e."modelId"`),
  dataset: listed(Prisma.sql`e."datasetId"`),
};

/** The same of an imported one. */
export const EXTERNAL_CONDITIONS: Conditions<OfRuns> = {
  project: listed(Prisma.sql`s."projectId"`),
  model: listed(Prisma.sql`s."modelId"`),
  dataset: listed(Prisma.sql`s."datasetId"`),
};

/** Of the sampling run `s` itself. */
export const SAMPLING_CONDITIONS: Conditions<Omit<SamplingFilter, keyof OfRuns>> = {
  id: listed(Prisma.sql`s."id"`),
  criterion: listed(Prisma.sql`s."criterion"`),
  origin: listed(Prisma.sql`s."origin"`, 'Origin'),
  qualityMetric: listed(
    Prisma.sql`CASE WHEN s."externalMetric" IS NULL THEN ${metricOf(Prisma.sql`s."qualityMetric"`)} END`,
  ),
  state: listed(Prisma.sql`s."state"`, 'SamplingState'),
  samples: numbered(samples),
  seed: numbered(Prisma.sql`s."seed"`),
  baselineTop1: ranged(baselineTop1),
  createdAt: timed(Prisma.sql`s."createdAt"`),
  finishedAt: timed(Prisma.sql`s."finishedAt"`),
};
