import { COST_FACTS, COST_METRICS } from '@espalier/network';
import { Prisma, type PrismaClient } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import { byKind } from '../nodes/kinds.ts';
import type { Source } from '../query/keyset.ts';

/** What can be deleted, what depends on it first: locks are taken in this order everywhere. */
export const KINDS = [
  { prefix: 'pub', table: 'PublishedResult', rows: 'publishedResult' },
  { prefix: 'bench', table: 'Benchmark', rows: 'benchmark' },
  { prefix: 'run', table: 'Run', rows: 'run' },
  { prefix: 'exp', table: 'Experiment', rows: 'experiment' },
  { prefix: 'model', table: 'Model', rows: 'model' },
  { prefix: 'data', table: 'Dataset', rows: 'dataset' },
  { prefix: 'profile', table: 'DeviceProfile', rows: 'deviceProfile' },
  { prefix: 'device', table: 'Device', rows: 'device' },
  { prefix: 'proj', table: 'Project', rows: 'project' },
] as const;
export type Deletable = (typeof KINDS)[number]['prefix'];

/** What is to be removed, as people call it. */
const TITLE = Prisma.sql`CASE "metric" ${Prisma.join(
  COST_METRICS.map((metric) => Prisma.sql`WHEN ${metric} THEN ${COST_FACTS[metric].title}`),
  ' ',
)} ELSE "metric" END`;

/** What has no name of its own. */
const NAMES: Readonly<Partial<Record<Deletable, Prisma.Sql>>> = {
  // What runs are found and ordered by: lists show their whole names.
  run: Prisma.sql`"allocation" || ' · ' || "criterion" || ' · ' || coalesce(
    "targetMs" || ' ms', trim_scale(round(("share" * 100)::numeric, 1)) || ' % ' || ${TITLE}
  ) || ' · seed ' || "seed"`,
  profile: Prisma.raw(`"networkName" || ', ' || "engine" || ' ' || "engineVersion"`),
  pub: Prisma.raw(`"method" || ' on ' || "architecture"`),
};

const nameOf = (prefix: Deletable) => NAMES[prefix] ?? Prisma.raw('"name"');

/** What things of a team are called, by their ids, in the trash or not; what is gone, or of another kind, is left out. */
export async function namesOf(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const kinds = byKind(ids);
  const each = KINDS.flatMap(({ prefix, table }) => {
    const some = kinds.get(prefix) ?? [];
    if (some.length === 0) return [];
    return Prisma.sql`
      SELECT "id", ${nameOf(prefix)} AS "name" FROM ${Prisma.raw(`"${table}"`)}
      WHERE "teamId" = ${teamId} AND "id" = ANY(${some})`;
  });
  if (each.length === 0) return new Map();
  const rows = await prisma.$queryRaw<{ id: string; name: string }[]>(Prisma.join(each, ' UNION ALL '));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What was deleted by itself; not what is in it. */
export function trashSource({ teamId }: Pick<Viewer, 'teamId'>): Source {
  const id = Prisma.sql`('trash_' || t."id")`;
  const each = KINDS.map(({ prefix, table }) => {
    return Prisma.sql`
      SELECT "id", ${nameOf(prefix)} AS "name", "deletedAt" FROM ${Prisma.raw(`"${table}"`)}
      WHERE "teamId" = ${teamId} AND "deletedAt" IS NOT NULL`;
  });
  return {
    select: Prisma.sql`${id} AS "id", t."id" AS "reference", t."name", t."deletedAt"`,
    from: Prisma.sql`(${Prisma.join(each, ' UNION ALL ')}) t`,
    where: Prisma.sql`true`,
    id,
  };
}
