import { isOver } from '@espalier/runs';
import { Prisma, type PrismaClient, type Transaction } from '@espalier/store';
import { ownItems, ownRuns } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { auditEach } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { byKind, kindOf } from '../nodes/kinds.ts';
import { type Deletable, KINDS } from './trash-source.ts';

const MOST_IDS = 500;
const MANY = { timeout: 60_000 } as const;

const ALL = KINDS.map(({ prefix }) => prefix);

/** @throws {FieldError} for ids that nothing can be deleted by */
export function deletable(
  ids: readonly string[],
  of: readonly Deletable[] = ALL,
): ReadonlyMap<Deletable, readonly string[]> {
  if (ids.length === 0) throw new FieldError('give at least one id', 'ids');
  if (ids.length > MOST_IDS) throw new FieldError(`at most ${MOST_IDS} at once`, 'ids');
  const found = byKind(ids);
  if (ids.some((id) => !of.some((prefix) => prefix === kindOf(id)?.prefix))) {
    throw new NotFound(`there is no such ${of.map(wordsOf).join(' or ')}`, 'ids');
  }
  return new Map(KINDS.map(({ prefix }) => [prefix, found.get(prefix) ?? []]));
}

/**
 * Puts things into the trash, all of them or none. What is in them is out of sight with them. Refused where a run
 * is under way in them, and for networks and data sets that experiments use.
 */
export async function moveToTrash(
  { viewer, database }: Context,
  ids: readonly string[],
  of: readonly Deletable[] = ALL,
): Promise<void> {
  const editor = requireRole(viewer, 'editor');
  const kinds = deletable(ids, of);
  await checkReached(database.prisma, editor, kinds);
  await database.prisma.$transaction(async (transaction) => {
    for (const { prefix, table } of KINDS) {
      const some = kinds.get(prefix) ?? [];
      if (some.length === 0) continue;
      const name = Prisma.raw(`"${table}"`);
      const found = await transaction.$queryRaw<{ id: string }[]>(Prisma.sql`
        SELECT "id" FROM ${name} WHERE "id" = ANY(${some}) AND "teamId" = ${editor.teamId} AND "deletedAt" IS NULL
        ORDER BY "id" FOR UPDATE`);
      if (found.length < some.length) throw new NotFound(`there is no such ${wordsOf(prefix)}`, 'ids');
      await checkUnused(transaction, prefix, some);
      await transaction.$executeRaw(
        Prisma.sql`UPDATE ${name} SET "deletedAt" = now() WHERE "id" = ANY(${some})`,
      );
      await auditEach(transaction, editor, `${actionOf(prefix)}.delete`, some);
    }
  }, MANY);
}

/** For a key that is limited to projects there is nothing outside of these, and the project itself is not its to take away. */
async function checkReached(
  prisma: PrismaClient,
  viewer: Viewer,
  kinds: ReadonlyMap<Deletable, readonly string[]>,
): Promise<void> {
  if (viewer.projectIds === null) return;
  for (const [prefix, ids] of kinds) {
    const id = { in: [...ids] };
    const found =
      prefix === 'run'
        ? await prisma.run.count({ where: { id, ...ownRuns(viewer) } })
        : prefix === 'exp'
          ? await prisma.experiment.count({ where: { id, ...ownItems(viewer) } })
          : prefix === 'model'
            ? await prisma.model.count({ where: { id, ...ownItems(viewer) } })
            : 0;
    if (found < ids.length) throw new NotFound(`there is no such ${wordsOf(prefix)}`, 'ids');
  }
}

async function checkUnused(
  transaction: Transaction,
  prefix: Deletable,
  ids: readonly string[],
): Promise<void> {
  const some = { in: [...ids] };
  // The experiments of a benchmark stay, and stand alone once it is purged.
  if (prefix === 'pub' || prefix === 'bench') return;
  if (prefix === 'model' || prefix === 'data' || prefix === 'device' || prefix === 'profile') {
    const by = {
      ...{ model: { modelId: some }, data: { datasetId: some } },
      ...{ device: { profile: { deviceId: some } }, profile: { profileId: some } },
    }[prefix];
    const user = await transaction.experiment.findFirst({ where: { ...by, deletedAt: null } });
    if (user) {
      throw new Conflict(`experiment "${user.name}" uses it: delete that first`, 'ids');
    }
    return;
  }
  if (prefix === 'proj') {
    // A run that is being started holds its experiment: what it commits is seen below.
    await transaction.$queryRaw`SELECT 1 FROM "Experiment" WHERE "projectId" = ANY(${[...ids]}) ORDER BY "id" FOR UPDATE`;
  }
  const where =
    prefix === 'run'
      ? { id: some }
      : prefix === 'exp'
        ? { experimentId: some, deletedAt: null }
        : { experiment: { projectId: some, deletedAt: null }, deletedAt: null };
  const states = await transaction.run.groupBy({ by: ['state'], where, _count: true });
  const underWay = states.filter(({ state }) => !isOver(state)).reduce((sum, { _count }) => sum + _count, 0);
  if (underWay > 0) {
    const runs = underWay === 1 ? '1 run is' : `${underWay} runs are`;
    throw new Conflict(`${runs} under way: cancel first, then delete`, 'ids');
  }
}

/** What all tables have of which something can be restored. */
interface Restorable {
  updateMany(change: { where: { id: { in: string[] } }; data: { deletedAt: null } }): Promise<unknown>;
}

/** What a thing is in or uses: it has to be back first. */
const DELETED_PARENT: Readonly<Partial<Record<Deletable, Prisma.Sql>>> = {
  model: Prisma.sql`
    SELECT j."name" FROM "Model" x JOIN "Project" j ON j."id" = x."projectId" AND j."deletedAt" IS NOT NULL`,
  exp: Prisma.sql`
    SELECT coalesce(j."name", m."name", d."name", v."name", p."networkName") AS "name" FROM "Experiment" x
    LEFT JOIN "Project" j ON j."id" = x."projectId" AND j."deletedAt" IS NOT NULL
    LEFT JOIN "Model" m ON m."id" = x."modelId" AND m."deletedAt" IS NOT NULL
    LEFT JOIN "Dataset" d ON d."id" = x."datasetId" AND d."deletedAt" IS NOT NULL
    LEFT JOIN "DeviceProfile" q ON q."id" = x."profileId"
    LEFT JOIN "DeviceProfile" p ON p."id" = q."id" AND p."deletedAt" IS NOT NULL
    LEFT JOIN "Device" v ON v."id" = q."deviceId" AND v."deletedAt" IS NOT NULL`,
  profile: Prisma.sql`
    SELECT d."name" FROM "DeviceProfile" x JOIN "Device" d ON d."id" = x."deviceId" AND d."deletedAt" IS NOT NULL`,
  run: Prisma.sql`
    SELECT e."name" FROM "Run" x JOIN "Experiment" e ON e."id" = x."experimentId" AND e."deletedAt" IS NOT NULL`,
};

/** Takes things out of the trash, all of them or none: what is in others after those. */
export async function restore(
  { viewer, database }: Context,
  ids: readonly string[],
  of: readonly Deletable[] = ALL,
): Promise<void> {
  const editor = requireRole(viewer, 'editor');
  const kinds = deletable(ids, of);
  await database.prisma.$transaction(async (transaction) => {
    for (const { prefix, table } of KINDS) {
      const some = kinds.get(prefix) ?? [];
      const found = await transaction.$queryRaw<{ id: string }[]>(Prisma.sql`
        SELECT "id" FROM ${Prisma.raw(`"${table}"`)}
        WHERE "id" = ANY(${some}) AND "teamId" = ${editor.teamId} AND "deletedAt" IS NOT NULL
        ORDER BY "id" FOR UPDATE`);
      if (found.length < some.length)
        throw new NotFound(`there is no such ${wordsOf(prefix)} in the trash`, 'ids');
    }
    for (const { prefix, rows } of KINDS.toReversed()) {
      const some = [...(kinds.get(prefix) ?? [])];
      if (some.length === 0) continue;
      const parents = DELETED_PARENT[prefix];
      const [parent] = parents
        ? await transaction.$queryRaw<{ name: string | null }[]>(
            Prisma.sql`SELECT * FROM (${parents} WHERE x."id" = ANY(${some})) p WHERE "name" IS NOT NULL LIMIT 1`,
          )
        : [];
      if (parent) throw new Conflict(`"${parent.name}" is in the trash: restore that first`, 'ids');
      // By Prisma, so that a name that was given away is told as everywhere.
      const table: Restorable = transaction[rows];
      await table.updateMany({ where: { id: { in: some } }, data: { deletedAt: null } });
      await auditEach(transaction, editor, `${actionOf(prefix)}.restore`, some);
    }
  }, MANY);
}

function wordsOf(prefix: Deletable): string {
  return kindOf(`${prefix}_`)?.words ?? 'thing';
}

/** As the audit log names it. */
function actionOf(prefix: Deletable): string {
  return wordsOf(prefix).replaceAll(' ', '');
}
