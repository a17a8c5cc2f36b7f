import { announceWorker } from '@espalier/runs';
import { Prisma, type Worker } from '@espalier/store';
import { requireOperator, requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage, narrowed } from '../query/keyset.ts';
import { columnsOf, rowsOf } from '../query/sql.ts';
import { WORKER_CONDITIONS, type WorkerListArgs, workerSorting } from './worker-filter.ts';

/** Workers that were lost, or stopped, stay in the list for so long. */
const LISTED_MS = 3600_000;

const source = () => ({
  select: columnsOf('w', Object.keys(Prisma.WorkerScalarFieldEnum)),
  from: Prisma.sql`"Worker" w`,
  where: Prisma.sql`w."lastSeenAt" > ${new Date(Date.now() - LISTED_MS)}`,
  id: Prisma.sql`w."id"`,
});

/** Those that were heard of in the last hour, also those that stopped in order. */
export function listWorkers(
  { viewer, database }: Context,
  args: WorkerListArgs,
): Promise<Connection<Worker>> {
  requireOperator(viewer);
  const found = narrowed(source(), filtered(args.filter ?? {}, WORKER_CONDITIONS));
  return keysetPage(database.pool, args, found, workerSorting(args.order));
}

/** All of them. */
export function everyWorker({ viewer, database }: Context): Promise<Worker[]> {
  requireOperator(viewer);
  const { select, from, where, id } = source();
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
