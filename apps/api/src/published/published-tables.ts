import { type PublishedResult, plainName, SHIPPED_PREFIX, shippedResults } from '@espalier/comparison';
import { Prisma, type PrismaClient } from '@espalier/store';
import { listed } from '../query/conditions.ts';
import type { Listed } from '../query/filter-inputs.ts';
import { every } from '../query/sql.ts';

/** A published result, of the team or shipped with Espalier. */
export interface PublishedRow extends PublishedResult {
  readonly id: string;
  /** Null for one that is shipped. */
  readonly createdAt: Date | null;
  /** Null for one that is shipped, and for somebody who is gone. */
  readonly createdById: string | null;
}

/** Their types as the shipped file has them. */
const COLUMNS = {
  id: 'text',
  architecture: 'text',
  dataset: 'text',
  method: 'text',
  title: 'text',
  authors: 'text',
  year: 'int',
  venue: 'text',
  url: 'text',
  doi: 'text',
  unit: 'text',
  accounting: 'text',
  baseTop1: 'float8',
  top1: 'float8',
  baseTop5: 'float8',
  top5: 'float8',
  savedMacs: 'float8',
  savedParams: 'float8',
  note: 'text',
} as const satisfies Record<keyof PublishedResult | 'id', string>;

/** What people write down of one. */
export const PUBLISHED_FIELDS = Object.keys(COLUMNS).filter((name) => name !== 'id');

const names = Object.keys(COLUMNS).map((name) => `"${name}"`);
const types = Object.entries(COLUMNS).map(([name, type]) => `"${name}" ${type}`);
const ofTeam = names.map((name) => (name === '"unit"' ? '"unit"::text' : name));

export const PUBLISHED_COLUMNS = Prisma.raw(
  [...names, '"createdAt"', '"createdById"'].map((name) => `x.${name}`).join(', '),
);

/** The team's own and those that are shipped as one table `x`: pages, orders and filters are one statement's. */
export function publishedTables(teamId: string): Prisma.Sql {
  return Prisma.sql`(
    SELECT ${Prisma.raw(ofTeam.join(', '))}, "createdAt", "createdById" FROM "PublishedResult"
    WHERE "teamId" = ${teamId} AND "deletedAt" IS NULL
    UNION ALL
    SELECT ${Prisma.raw(names.join(', '))}, NULL, NULL
    FROM jsonb_to_recordset(${JSON.stringify(shippedResults())}::jsonb) AS s(${Prisma.raw(types.join(', '))})
  ) x`;
}

export function isShipped(id: string): boolean {
  return id.startsWith(SHIPPED_PREFIX);
}

/** By a name, however it is written. */
export function named(column: 'architecture' | 'dataset' | 'method') {
  const plain = Prisma.raw(`lower(regexp_replace(x."${column}", '[^A-Za-z0-9]', '', 'g'))`);
  const condition = listed<string>(plain);
  return ({ in: wanted, not: unwanted, null: isNull }: Listed<string>) =>
    condition({ in: wanted?.map(plainName), not: unwanted?.map(plainName), null: isNull });
}

/** Those that the team sees, in no order. */
export function findPublished(prisma: PrismaClient, teamId: string, ids: string[]): Promise<PublishedRow[]> {
  return readPublished(prisma, teamId, Prisma.sql`x."id" = ANY(${ids})`);
}

export function readPublished(
  prisma: PrismaClient,
  teamId: string,
  ...conditions: readonly (Prisma.Sql | null)[]
): Promise<PublishedRow[]> {
  return prisma.$queryRaw<PublishedRow[]>(Prisma.sql`
    SELECT ${PUBLISHED_COLUMNS} FROM ${publishedTables(teamId)} WHERE ${every(...conditions)}`);
}
