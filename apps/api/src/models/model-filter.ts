import { Prisma } from '@espalier/store';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DirectionEnum, TimeRange } from '../query/inputs.ts';
import type { Direction, Sorting, SortKey } from '../query/keyset.ts';
import { between, contains, every, oneOf, tagged } from '../query/sql.ts';

@InputType('ModelFilter', {
  description: 'All that is given must hold. Of a list one must; an empty list matches nothing.',
})
export class ModelFilter {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'All of them.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'In name or notes, whatever its case.' })
  text?: string | null;

  @Field(() => TimeRange, { nullable: true })
  created?: TimeRange | null;
}

const name = Prisma.sql`m."name"`;

const KEYS = {
  created: { value: null, type: 'text' },
  name: { value: Prisma.sql`lower(${name})`, type: 'text' },
  macs: { value: Prisma.sql`m."macs"`, type: 'bigint' },
  params: { value: Prisma.sql`m."params"`, type: 'bigint' },
} as const satisfies Record<string, SortKey>;
type ModelOrderBy = keyof typeof KEYS;

const ModelOrderByEnum = Object.fromEntries(Object.keys(KEYS).map((key) => [key, key]));
registerEnumType(ModelOrderByEnum, { name: 'ModelOrderBy', description: 'What networks are ordered by.' });

@InputType('ModelOrder')
export class ModelOrder {
  @Field(() => ModelOrderByEnum, { defaultValue: 'created' })
  by!: ModelOrderBy;

  @Field(() => DirectionEnum, { defaultValue: 'desc' })
  direction!: Direction;
}

/** What lies in a deleted project is not there. */
export const MODEL_TABLES = Prisma.sql`
  "Model" m JOIN "Project" j ON j."id" = m."projectId" AND j."deletedAt" IS NULL`;

export function modelCondition(teamId: string, filter: ModelFilter): Prisma.Sql {
  return every(
    Prisma.sql`m."teamId" = ${teamId}`,
    Prisma.sql`m."deletedAt" IS NULL`,
    oneOf(Prisma.sql`m."id"`, filter.ids),
    oneOf(Prisma.sql`m."projectId"`, filter.projectIds),
    tagged(Prisma.sql`m."tags"`, filter.tags),
    contains([name, Prisma.sql`m."notes"`], filter.text),
    between(Prisma.sql`m."createdAt"`, filter.created),
  );
}

export function modelSorting(order: ModelOrder | null): Sorting {
  const { by, direction } = order ?? { by: 'created', direction: 'desc' };
  return { ...KEYS[by], name: by, direction };
}
