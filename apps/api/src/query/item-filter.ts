import { Prisma } from '@espalier/store';
import { Field, ID, InputType } from 'type-graphql';
import { type Reach, reached } from '../access/reach.ts';
import { TimeRange } from './inputs.ts';
import type { SortKey } from './sorting.ts';
import { between, contains, every, oneOf, tagged } from './sql.ts';

export const FILTER_RULE = 'All that is given must hold. Of a list one must; an empty list matches nothing.';

/** What all lists of what lies in projects are filtered by. */
@InputType()
export class ProjectFilter {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'All of them.' })
  tags?: string[] | null;

  @Field(() => TimeRange, { nullable: true })
  created?: TimeRange | null;
}

/** Networks and experiments. */
@InputType()
export class ItemFilter extends ProjectFilter {
  @Field(() => String, { nullable: true, description: 'In name or notes, whatever its case.' })
  text?: string | null;
}

/** The table as `i`. What lies in a deleted project is not there. */
export function itemTables(table: 'Model' | 'Experiment'): Prisma.Sql {
  return Prisma.sql`
    ${Prisma.raw(`"${table}"`)} i JOIN "Project" j ON j."id" = i."projectId" AND j."deletedAt" IS NULL`;
}

const NAME = Prisma.sql`i."name"`;

export const ITEM_KEYS = {
  name: { value: Prisma.sql`lower(${NAME})`, type: 'text' },
} as const satisfies Record<string, SortKey>;

export function itemCondition(reach: Reach, filter: ItemFilter): Prisma.Sql {
  return every(
    reached(reach, Prisma.sql`i."teamId"`, Prisma.sql`i."projectId"`),
    Prisma.sql`i."deletedAt" IS NULL`,
    oneOf(Prisma.sql`i."id"`, filter.ids),
    oneOf(Prisma.sql`i."projectId"`, filter.projectIds),
    tagged(Prisma.sql`i."tags"`, filter.tags),
    contains([NAME, Prisma.sql`i."notes"`], filter.text),
    between(Prisma.sql`i."createdAt"`, filter.created),
  );
}
