import { Prisma } from '@espalier/store';
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { enumType } from '../graphql/enums.ts';
import { type Conditions, filtered, listed, numbered, ranged } from '../query/conditions.ts';
import { enumFilter, FILTER_RULE, FloatFilter, IntFilter, TextFilter } from '../query/filter-inputs.ts';
import type { Source } from '../query/keyset.ts';
import { listArgs } from '../query/list-args.ts';
import { orderOf } from '../query/order.ts';
import { sampledDrop } from '../query/quality.ts';
import { finite } from '../query/sql.ts';

const ORIGINS = ['measured', 'repeats-baseline', 'inferred'] as const;

const OriginEnum = enumType('SamplePointOrigin', ORIGINS, 'Where the numbers of a sample point come from.', {
  measured: 'On all images of the sample.',
  'repeats-baseline': 'Nothing is removed at this ratio: the numbers of the unpruned network.',
  inferred: 'Inferred from others: no decision depended on it.',
});

@ObjectType('SamplePoint', { description: 'One channel group pruned alone at one ratio.' })
class SamplePointType {
  @Field(() => String, { description: 'The name of the group in its model.' })
  group!: string;

  @Field(() => Float, { description: 'A ratio of the grid: the share of the units to remove.' })
  ratio!: number;

  @Field(() => Int, { description: 'Units that are removed.' })
  removed!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Value in the metric of its sampling run; null if it is not a number.',
  })
  value!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null without labels, and if it was not measured.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Nats; null without labels, if it is not a number, or if it was not reported.',
  })
  loss!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How much worse than the unpruned network it is in the metric of the sampling run.',
  })
  drop!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Standard error of the drop, paired over the same images; null if it is not a number.',
  })
  standardError!: number | null;

  @Field(() => Int, { description: 'Number of images that it was measured on.' })
  images!: number;

  @Field(() => OriginEnum)
  origin!: (typeof ORIGINS)[number];
}

const OriginFilter = enumFilter('SamplePointOrigin', OriginEnum);
type OriginFilter = InstanceType<typeof OriginFilter>;

@InputType('SamplePointFilter', { description: FILTER_RULE })
class SamplePointFilter {
  @Field(() => TextFilter, { nullable: true, description: 'Filters by ids of groups.' })
  group?: TextFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  ratio?: FloatFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'Units.' })
  removed?: IntFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Value in the metric of the sampling run.' })
  value?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  top1?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  drop?: FloatFilter | null;

  @Field(() => OriginFilter, { nullable: true })
  origin?: OriginFilter | null;
}

export const SamplePointConnection = connectionType('SamplePoint', () => SamplePointType);

const GROUP = Prisma.sql`(s."groups"->v."groupIndex"->>'id')`;
const RATIO = Prisma.sql`s."grid"[v."ratioIndex" + 1]`;
/** Rows of before there was a choice are of top-1. */
const VALUE = finite(Prisma.sql`coalesce(v."value", v."top1")`);
const BASE = finite(Prisma.sql`coalesce(s."baselineValue", s."baselineTop1")`);
const DROP = sampledDrop(BASE, VALUE);
const ORIGIN = Prisma.sql`
  CASE WHEN v."inferred" THEN 'inferred' WHEN v."removed" = 0 THEN 'repeats-baseline' ELSE 'measured' END`;

const REMOVED = Prisma.sql`v."removed"`;
const TOP1 = Prisma.sql`v."top1"`;

const order = orderOf(
  'SamplePoint',
  'sample points',
  {
    place: { value: null, type: 'text' },
    ratio: { value: RATIO, type: 'float8' },
    removed: { value: REMOVED, type: 'bigint' },
    value: { value: VALUE, type: 'float8' },
    top1: { value: TOP1, type: 'float8' },
    drop: { value: DROP, type: 'float8' },
  },
  { by: 'place', direction: 'asc', told: 'By group in topological order, then by ratio,' },
);
export const pointSorting = order.sorting;
export const SamplePointArgs = listArgs(SamplePointFilter, order);
export type SamplePointArgs = InstanceType<typeof SamplePointArgs>;

const CONDITIONS: Conditions<SamplePointFilter> = {
  group: listed(GROUP),
  ratio: ranged(RATIO),
  removed: numbered(REMOVED),
  value: ranged(VALUE),
  top1: ranged(TOP1),
  drop: ranged(DROP),
  origin: listed(ORIGIN),
};

/** Rows are `v`, their sampling run `s`. */
export function pointSource(filter: SamplePointFilter): Source {
  return {
    select: Prisma.sql`${GROUP} AS "group", ${RATIO} AS "ratio", v."removed", ${VALUE} AS "value", v."top1", v."top5",
      ${finite(Prisma.sql`v."loss"`)} AS "loss", ${DROP} AS "drop", ${finite(Prisma.sql`v."standardError"`)} AS "standardError", v."images",
      ${ORIGIN} AS "origin"`,
    from: Prisma.sql`"SamplePoint" v JOIN "SamplingRun" s ON s."id" = v."samplingRunId" AND s."state" = 'done'`,
    where: filtered(filter, CONDITIONS),
    id: Prisma.sql`(lpad(v."groupIndex"::text, 6, '0') || '.' || lpad(v."ratioIndex"::text, 6, '0'))`,
  };
}
