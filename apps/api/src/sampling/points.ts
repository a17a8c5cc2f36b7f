import { Prisma } from '@espalier/store';
import { ArgsType, Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, PageArgs } from '../graphql/connection.ts';
import { enumType } from '../graphql/enums.ts';
import { FloatRange } from '../query/inputs.ts';
import { FILTER_RULE } from '../query/item-filter.ts';
import type { Source } from '../query/keyset.ts';
import type { Sorting } from '../query/sorting.ts';
import { every, finite, oneOf, within } from '../query/sql.ts';

const ORIGINS = ['measured', 'repeats-baseline', 'inferred'] as const;

const OriginEnum = enumType('SamplePointOrigin', ORIGINS, 'How a sample point came by its numbers.', {
  measured: 'On all images of the sample.',
  'repeats-baseline': 'Nothing is removed at this ratio: the numbers of the unpruned network.',
  inferred: 'From others: no decision depended on it any more.',
});

@ObjectType('SamplePoint', { description: 'One channel group pruned by itself at one ratio.' })
class SamplePointType {
  @Field(() => String, { description: 'The id of the group in its model.' })
  group!: string;

  @Field(() => Float, { description: 'Of the grid: the share of the units to remove.' })
  ratio!: number;

  @Field(() => Int, { description: 'Units that are removed.' })
  removed!: number;

  @Field(() => Float)
  top1!: number;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Float, { nullable: true, description: 'Nats; null where it is no number.' })
  loss!: number | null;

  @Field(() => Float, { nullable: true, description: 'Top-1 of the unpruned network minus its own.' })
  drop!: number | null;

  @Field(() => Float, { description: 'Of the drop, paired over the same images.' })
  standardError!: number;

  @Field(() => Int, { description: 'That it was measured on.' })
  images!: number;

  @Field(() => OriginEnum)
  origin!: (typeof ORIGINS)[number];
}

@InputType('SamplePointFilter', { description: FILTER_RULE })
class SamplePointFilter {
  @Field(() => [String], { nullable: true, description: 'Ids of groups.' })
  groups?: string[] | null;

  @Field(() => FloatRange, { nullable: true })
  ratio?: FloatRange | null;
}

@ArgsType()
export class SamplePointArgs extends PageArgs {
  @Field(() => SamplePointFilter, { nullable: true })
  filter?: SamplePointFilter | null;
}

export const SamplePointConnection = connectionType('SamplePoint', () => SamplePointType);

/** By group in topological order, then by ratio. */
export const POINT_ORDER: Sorting = {
  name: 'SamplePoint.place',
  value: null,
  type: 'text',
  direction: 'asc',
};

const GROUP = Prisma.sql`(s."groups"->v."groupIndex"->>'id')`;
const RATIO = Prisma.sql`s."grid"[v."ratioIndex" + 1]`;

/** Rows are `v`, their sampling run `s`. */
export function pointSource({ groups, ratio }: SamplePointFilter): Source {
  return {
    select: Prisma.sql`${GROUP} AS "group", ${RATIO} AS "ratio", v."removed", v."top1", v."top5",
      ${finite(Prisma.sql`v."loss"`)} AS "loss", s."baselineTop1" - v."top1" AS "drop", v."standardError", v."images",
      CASE WHEN v."inferred" THEN 'inferred' WHEN v."removed" = 0 THEN 'repeats-baseline' ELSE 'measured' END AS "origin"`,
    from: Prisma.sql`"SamplePoint" v JOIN "SamplingRun" s ON s."id" = v."samplingRunId" AND s."state" = 'done'`,
    where: every(oneOf(GROUP, groups), within(RATIO, ratio)),
    id: Prisma.sql`(lpad(v."groupIndex"::text, 6, '0') || '.' || lpad(v."ratioIndex"::text, 6, '0'))`,
  };
}
