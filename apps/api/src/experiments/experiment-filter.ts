import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import type { Reach } from '../access/reach.ts';
import { filtered, listed } from '../query/conditions.ts';
import { FILTER_RULE, IdFilter } from '../query/filter-inputs.ts';
import { ITEM_CONDITIONS, ITEM_KEYS, ItemFilter, livingItems } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';
import { metricOf } from '../query/quality.ts';
import { every } from '../query/sql.ts';
import { QualityMetricFilter } from './quality-metric.ts';

@InputType('ExperimentFilter', { description: FILTER_RULE })
export class ExperimentFilter extends ItemFilter {
  @Field(() => IdFilter, { nullable: true })
  model?: IdFilter | null;

  @Field(() => IdFilter, { nullable: true })
  dataset?: IdFilter | null;

  @Field(() => QualityMetricFilter, {
    nullable: true,
    description: 'The quality metric of its networks.',
  })
  qualityMetric?: QualityMetricFilter | null;

  @Field(() => IdFilter, { nullable: true, description: 'The user who made it.' })
  createdBy?: IdFilter | null;

  @Field(() => IdFilter, {
    nullable: true,
    description: 'The benchmark that it is a section of; null for none.',
  })
  benchmark?: IdFilter | null;
}

const order = orderInput('Experiment', 'experiments', ITEM_KEYS);
export const experimentSorting = order.sorting;
export const ExperimentListArgs = listArgs(ExperimentFilter, order);
export type ExperimentListArgs = InstanceType<typeof ExperimentListArgs>;

export function experimentCondition(reach: Reach, filter: ExperimentFilter): Prisma.Sql {
  return every(
    livingItems(reach),
    filtered(filter, {
      ...ITEM_CONDITIONS,
      model: listed(Prisma.sql`i."modelId"`),
      dataset: listed(Prisma.sql`i."datasetId"`),
      qualityMetric: listed(metricOf(Prisma.sql`i."qualityMetric"`)),
      createdBy: listed(Prisma.sql`i."createdById"`),
      benchmark: listed(Prisma.sql`i."benchmarkId"`),
    }),
  );
}
