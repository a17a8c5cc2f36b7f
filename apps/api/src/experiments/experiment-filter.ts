import { Prisma } from '@espalier/store';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DirectionEnum, TimeRange } from '../query/inputs.ts';
import type { Direction, Sorting, SortKey } from '../query/keyset.ts';
import { between, contains, every, oneOf, tagged } from '../query/sql.ts';

@InputType('ExperimentFilter', {
  description: 'All that is given must hold. Of a list one must; an empty list matches nothing.',
})
export class ExperimentFilter {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  modelIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  datasetIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'All of them.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'In name or notes, whatever its case.' })
  text?: string | null;

  @Field(() => TimeRange, { nullable: true })
  created?: TimeRange | null;
}

const name = Prisma.sql`e."name"`;

const KEYS = {
  created: { value: null, type: 'text' },
  name: { value: Prisma.sql`lower(${name})`, type: 'text' },
} as const satisfies Record<string, SortKey>;
type ExperimentOrderBy = keyof typeof KEYS;

const ExperimentOrderByEnum = Object.fromEntries(Object.keys(KEYS).map((key) => [key, key]));
registerEnumType(ExperimentOrderByEnum, {
  name: 'ExperimentOrderBy',
  description: 'What experiments are ordered by.',
});

@InputType('ExperimentOrder')
export class ExperimentOrder {
  @Field(() => ExperimentOrderByEnum, { defaultValue: 'created' })
  by!: ExperimentOrderBy;

  @Field(() => DirectionEnum, { defaultValue: 'desc' })
  direction!: Direction;
}

/** What lies in a deleted project is not there. */
export const EXPERIMENT_TABLES = Prisma.sql`
  "Experiment" e JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL`;

export function experimentCondition(teamId: string, filter: ExperimentFilter): Prisma.Sql {
  return every(
    Prisma.sql`e."teamId" = ${teamId}`,
    Prisma.sql`e."deletedAt" IS NULL`,
    oneOf(Prisma.sql`e."id"`, filter.ids),
    oneOf(Prisma.sql`e."projectId"`, filter.projectIds),
    oneOf(Prisma.sql`e."modelId"`, filter.modelIds),
    oneOf(Prisma.sql`e."datasetId"`, filter.datasetIds),
    tagged(Prisma.sql`e."tags"`, filter.tags),
    contains([name, Prisma.sql`e."notes"`], filter.text),
    between(Prisma.sql`e."createdAt"`, filter.created),
  );
}

export function experimentSorting(order: ExperimentOrder | null): Sorting {
  const { by, direction } = order ?? { by: 'created', direction: 'desc' };
  return { ...KEYS[by], name: by, direction };
}
