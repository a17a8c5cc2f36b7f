import { announceWorker } from '@espalier/runs';
import { Prisma, type Worker } from '@espalier/store';
import { requireOperator, requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { columnsOf, every, rowsOf } from '../query/sql.ts';

/** Workers that were lost, or stopped, stay in the list for so long. */
const LISTED_MS = 3600_000;

const source = (stopped: boolean) => ({
  select: columnsOf('w', Object.keys(Prisma.WorkerScalarFieldEnum)),
  from: Prisma.sql`"Worker" w`,
  where: every(
    Prisma.sql`w."lastSeenAt" > ${new Date(Date.now() - LISTED_MS)}`,
    stopped ? null : Prisma.sql`w."stoppedAt" IS NULL`,
  ),
  id: Prisma.sql`w."id"`,
});

/** The first one first. */
export function listWorkers(
  { viewer, database }: Context,
  args: PageArgs,
  stopped: boolean,
): Promise<Connection<Worker>> {
  requireOperator(viewer);
  return keysetPage(database.pool, args, source(stopped), {
    ...{ name: 'Worker.created', direction: 'asc', value: null, type: 'text' },
  });
}

/** All of them, also those that stopped in order. */
export function everyWorker({ viewer, database }: Context): Promise<Worker[]> {
  requireOperator(viewer);
  const { select, from, where, id } = source(true);
  return rowsOf(database.pool, Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} ORDER BY ${id}`);
}

/** Says whether a worker takes work; it hears of it with its next heartbeat. */
export async function setDraining(context: Context, id: string, draining: boolean): Promise<Worker> {
  const operator = requireOperator(context.viewer);
  return context.database.prisma.$transaction(async (transaction) => {
    const found = await transaction.worker.findUnique({ where: { id } });
    if (!found) throw new NotFound('there is no such worker', 'id');
    if (found.stoppedAt) throw new Conflict('the worker has stopped', 'id');
    const worker = await transaction.worker.update({ where: { id }, data: { draining } });
    await audit(transaction, operator, draining ? 'worker.drain' : 'worker.resume', id);
    await announceWorker(transaction, id);
    return worker;
  });
}

/** What a worker is at, as far as the viewer may see it: the work of other teams shows as busy only. */
export async function visibleWork({ viewer, loaders }: Context, workerId: string) {
  const { teamId } = requireRole(viewer, 'viewer');
  const work = await loaders.work.load(workerId);
  return work?.teamIds.includes(teamId) ? work : null;
}
