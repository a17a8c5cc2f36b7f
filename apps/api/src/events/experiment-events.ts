import { setTimeout } from 'node:timers/promises';
import { OVER } from '@espalier/runs';
import { Prisma, type PrismaClient, type Run, type RunEvent } from '@espalier/store';
import { mayStillRead } from '../access/authenticate.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { findNode } from '../nodes/nodes.ts';
import { type ProgressType, progressOf } from '../runs/progress.ts';
import type { Told } from './stream.ts';

/** A reader looks by itself this often: for what was missed, and for what an older transaction holds back. */
const POLL_MS = 2000;
/** Many runs tell many things: a reader looks no more often than this. */
const REST_MS = 300;
const MOST_AT_ONCE = 500;

/** Either an event, or how far a run is. */
export interface ExperimentNews extends Told {
  readonly run: Run;
  readonly event: RunEvent | null;
  readonly progress: ProgressType | null;
}

/** Where a reader of several runs is: after this event. */
interface Place {
  readonly position: bigint;
  readonly runId: string;
  readonly seq: number;
}

const START: Place = { position: -1n, runId: '', seq: 0 };

/**
 * Events of all runs of an experiment behind a cursor, and how far the runs are, until the reader goes. One whose
 * connection broke goes on behind what it read last.
 */
export async function followExperiment(
  context: Context,
  experimentId: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<AsyncGenerator<ExperimentNews>> {
  const viewer = requireRole(context.viewer, 'viewer');
  const { lastEventId = null } = context;
  const [field, given] = lastEventId === null ? ['after', cursor] : ['Last-Event-ID', lastEventId];
  const isResumed = given !== null && given !== '' && (await findNode('exp', context, experimentId)) !== null;
  const start = isResumed ? await placeOf(context.database.prisma, experimentId, given) : START;
  if (start) return follow(context, viewer, experimentId, start, signal);
  throw graphQLError(
    'BAD_USER_INPUT',
    `${field} is not a cursor of this experiment: leave it out to start from the beginning`,
    [field],
  );
}

/** Null for what was not given out of this experiment, or is not there any more. */
async function placeOf(prisma: PrismaClient, experimentId: string, cursor: string): Promise<Place | null> {
  const [, position, runId = '', seq] = /^(\d{1,18})\.(run_\w+)\.(\d{1,9})$/.exec(cursor) ?? [];
  if (position === undefined) return null;
  return prisma.runEvent.findFirst({
    where: { runId, seq: Number(seq), position: BigInt(position), run: { experimentId } },
  });
}

async function* follow(
  context: Context,
  viewer: Viewer,
  experimentId: string,
  start: Place,
  signal: AbortSignal,
): AsyncGenerator<ExperimentNews> {
  const { prisma } = context.database;
  const told = new Map<string, string>();
  let place = start;
  while (!signal.aborted) {
    const waiting = new AbortController();
    // Asked for before looking, so that nothing falls in between.
    const news = context.events.next([{ kind: 'runs' }], POLL_MS, AbortSignal.any([signal, waiting.signal]));
    const allowed = (await mayStillRead(prisma, viewer)) && (await findNode('exp', context, experimentId));
    const events = allowed ? await eventsBehind(prisma, experimentId, place) : [];
    const runs = await runsOf(prisma, events);
    for (const event of events) {
      place = event;
      const run = runs.get(event.runId);
      if (run) yield { run, cursor: format(place), event, progress: null };
    }
    for (const [run, progress] of allowed ? await progressOfRuns(prisma, experimentId) : []) {
      const text = JSON.stringify(progress);
      if (told.get(run.id) === text) continue;
      told.set(run.id, text);
      yield { run, cursor: format(place), event: null, progress };
    }
    if (!allowed || events.length === MOST_AT_ONCE) waiting.abort();
    if (!allowed) return;
    if (events.length < MOST_AT_ONCE) await news;
    await setTimeout(REST_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * In the order of the transactions that wrote them. Those of a transaction that may still be followed by the
 * commit of an older one are held back, so that nothing comes behind what was read.
 */
function eventsBehind(prisma: PrismaClient, experimentId: string, place: Place): Promise<RunEvent[]> {
  return prisma.$queryRaw<RunEvent[]>(Prisma.sql`
    ${settledEvents(experimentId)}
      AND e.position >= ${place.position}
      AND (e.position, e."runId", e.seq) > (${place.position}, ${place.runId}, ${place.seq})
    ORDER BY e.position, e."runId", e.seq
    LIMIT ${MOST_AT_ONCE}`);
}

/** Those that the events are of, as they are now. */
async function runsOf(prisma: PrismaClient, events: readonly RunEvent[]): Promise<Map<string, Run>> {
  if (events.length === 0) return new Map();
  const ids = [...new Set(events.map(({ runId }) => runId))];
  const runs = await prisma.run.findMany({ where: { id: { in: ids }, deletedAt: null } });
  return new Map(runs.map((run) => [run.id, run]));
}

/** The cursor behind all that has happened so far; null before the first event. */
export async function cursorOf(prisma: PrismaClient, experimentId: string): Promise<string | null> {
  const [last] = await prisma.$queryRaw<RunEvent[]>(Prisma.sql`
    ${settledEvents(experimentId)}
    ORDER BY e.position DESC, e."runId" DESC, e.seq DESC
    LIMIT 1`);
  return last ? format(last) : null;
}

function settledEvents(experimentId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT e.* FROM "RunEvent" e JOIN "Run" r ON r.id = e."runId"
    WHERE r."experimentId" = ${experimentId} AND r."deletedAt" IS NULL
      AND e.position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
}

async function progressOfRuns(prisma: PrismaClient, experimentId: string): Promise<[Run, ProgressType][]> {
  const runs = await prisma.run.findMany({
    where: {
      ...{ experimentId, deletedAt: null },
      state: { notIn: ['queued', ...OVER] },
    },
  });
  // Fresh ones: a request's loaders remember what they have read.
  const loaders = createLoaders(prisma, null);
  return Promise.all(
    runs.map(async (run): Promise<[Run, ProgressType]> => [run, await progressOf(run, loaders)]),
  );
}

function format({ position, runId, seq }: Place): string | null {
  return position < 0n ? null : `${position}.${runId}.${seq}`;
}

/**
 * After a database was restored elsewhere its transactions count from a lower number: what is there comes before
 * everything that follows.
 */
export async function settlePositions(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "RunEvent" SET position = 0 WHERE position > pg_current_xact_id()::text::bigint`;
}
