import { Prisma, type SamplingRun, SamplingState } from '@espalier/store';
import { Field, ID, InputType, Int } from 'type-graphql';
import { type Reach, reached } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { TimeRange } from '../query/inputs.ts';
import { FILTER_RULE } from '../query/item-filter.ts';
import { keysetPage, type Source } from '../query/keyset.ts';
import { orderInput } from '../query/order.ts';
import { between, columnsOf, every, oneOf } from '../query/sql.ts';

export const SamplingStateEnum = enumType(
  'SamplingState',
  Object.values(SamplingState),
  'Where a sampling run stands.',
);

@InputType('SamplingRunFilter', { description: FILTER_RULE })
export class SamplingFilter {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'That a run goes by it in.' })
  projectIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  modelIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  datasetIds?: string[] | null;

  @Field(() => [String], { nullable: true })
  criteria?: string[] | null;

  @Field(() => [SamplingStateEnum], { nullable: true })
  states?: SamplingState[] | null;

  @Field(() => [Int], { nullable: true, description: 'Images of the search split.' })
  samples?: number[] | null;

  @Field(() => TimeRange, { nullable: true })
  created?: TimeRange | null;
}

export const { OrderInput: SamplingOrder, sorting: samplingSorting } = orderInput(
  'SamplingRun',
  'sampling runs',
  {
    samples: { value: Prisma.sql`s."samples"`, type: 'bigint' },
    baselineTop1: { value: Prisma.sql`s."baselineTop1"`, type: 'float8' },
  },
);
export type SamplingOrder = InstanceType<typeof SamplingOrder>;

/** That a run for which the condition holds goes by it; the experiment is `e`. What is in the trash goes by nothing. */
export function goneBy(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM "Run" r
    JOIN "Experiment" e ON e."id" = r."experimentId" AND e."deletedAt" IS NULL
    JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL
    WHERE r."samplingRunId" = s."id" AND r."deletedAt" IS NULL AND ${condition})`;
}

export function samplingSource(reach: Reach, filter: SamplingFilter): Source {
  const run = every(
    reached(reach, Prisma.sql`r."teamId"`, Prisma.sql`e."projectId"`),
    oneOf(Prisma.sql`e."projectId"`, filter.projectIds),
    oneOf(Prisma.sql`e."modelId"`, filter.modelIds),
    oneOf(Prisma.sql`e."datasetId"`, filter.datasetIds),
  );
  return {
    select: columnsOf('s', Object.keys(Prisma.SamplingRunScalarFieldEnum)),
    from: Prisma.sql`"SamplingRun" s`,
    where: every(
      goneBy(run),
      oneOf(Prisma.sql`s."id"`, filter.ids),
      oneOf(Prisma.sql`s."criterion"`, filter.criteria),
      filter.states ? Prisma.sql`s."state" = ANY(${filter.states}::"SamplingState"[])` : null,
      oneOf(Prisma.sql`s."samples"`, filter.samples),
      between(Prisma.sql`s."createdAt"`, filter.created),
    ),
    id: Prisma.sql`s."id"`,
  };
}

export function listSamplings(
  { viewer, database }: Context,
  args: PageArgs,
  filter: SamplingFilter,
  order: SamplingOrder | null,
): Promise<Connection<SamplingRun>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, samplingSource(self, filter), samplingSorting(order));
}
