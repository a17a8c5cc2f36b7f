import { Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { type Reach, reached } from '../access/reach.ts';
import { type Conditions, containing, joined, listed, tagged, timed } from './conditions.ts';
import { IdFilter, TagFilter, TimeFilter } from './filter-inputs.ts';
import type { SortKey } from './sorting.ts';
import { every } from './sql.ts';

/** What every list can be filtered by. */
@InputType('BasicFields')
export abstract class BasicFilter {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  createdAt?: TimeFilter | null;
}

/** What is in projects. */
@InputType('ProjectFields')
export abstract class InProjectFilter extends BasicFilter {
  @Field(() => IdFilter, { nullable: true })
  project?: IdFilter | null;

  @Field(() => TagFilter, { nullable: true })
  tag?: TagFilter | null;
}

/** Networks and experiments. */
@InputType('ItemFields')
export abstract class ItemFilter extends InProjectFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in name, notes or tags; upper and lower case are the same.',
  })
  text?: string | null;
}

/** The table as `i`. What is in a deleted project is not there. */
export function itemTables(table: 'Model' | 'Experiment'): Prisma.Sql {
  return Prisma.sql`
    ${Prisma.raw(`"${table}"`)} i JOIN "Project" j ON j."id" = i."projectId" AND j."deletedAt" IS NULL`;
}

const NAME = Prisma.sql`i."name"`;

export const ITEM_KEYS = {
  name: { value: Prisma.sql`lower(${NAME})`, type: 'text' },
} as const satisfies Record<string, SortKey>;

export const ITEM_CONDITIONS: Conditions<ItemFilter> = {
  id: listed(Prisma.sql`i."id"`),
  project: listed(Prisma.sql`i."projectId"`),
  tag: tagged(Prisma.sql`i."tags"`),
  text: containing(NAME, Prisma.sql`i."notes"`, joined(Prisma.sql`i."tags"`)),
  createdAt: timed(Prisma.sql`i."createdAt"`),
};

/** Those in reach and not in the trash. */
export function livingItems(reach: Reach): Prisma.Sql {
  return every(
    reached(reach, Prisma.sql`i."teamId"`, Prisma.sql`i."projectId"`),
    Prisma.sql`i."deletedAt" IS NULL`,
  );
}
