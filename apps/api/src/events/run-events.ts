import { isOver } from '@espalier/runs';
import type { PrismaClient, RunEvent } from '@espalier/store';
import { mayStillRead } from '../access/authenticate.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { runEvents } from '../runs/runs.ts';
import type { Told } from './stream.ts';

/** A reader looks by itself this often, for notifications that were missed. */
const POLL_MS = 5000;

/**
 * A run's events behind a number, those that are there and then those that come, until the run is over. A reader whose
 * connection broke goes on behind what it read last.
 */
export async function followRun(
  context: Context,
  runId: string,
  afterSeq: number,
  signal: AbortSignal,
): Promise<AsyncGenerator<RunEvent & Told>> {
  // At once, and not when the first event is read: an error is then told like that of a query.
  const viewer = requireRole(context.viewer, 'viewer');
  const { lastEventId = null } = context;
  const isResumed = lastEventId !== null && (await findNode('run', context, runId)) !== null;
  const seq = isResumed ? await seqOf(context.database.prisma, runId, lastEventId) : afterSeq;
  return follow(context, viewer, runId, seq, signal);
}

async function seqOf(prisma: PrismaClient, runId: string, id: string): Promise<number> {
  const [, of, seq] = /^(run_\w+)\.(\d{1,9})$/.exec(id) ?? [];
  const found =
    of === runId && (await prisma.runEvent.findUnique({ where: { runId_seq: { runId, seq: Number(seq) } } }));
  if (found) return found.seq;
  throw graphQLError(
    'BAD_USER_INPUT',
    'Last-Event-ID is not of this run: leave it out to start from the beginning',
    ['Last-Event-ID'],
  );
}

async function* follow(
  context: Context,
  viewer: Viewer,
  runId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent & Told> {
  let seq = afterSeq;
  while (!signal.aborted) {
    const waiting = new AbortController();
    // Asked for before looking, so that nothing falls in between.
    const news = context.events.next(
      [{ kind: 'events', id: runId }],
      POLL_MS,
      AbortSignal.any([signal, waiting.signal]),
    );
    // A member who was removed meanwhile reads no further.
    const allowed = await mayStillRead(context.database.prisma, viewer);
    const run = allowed ? await findNode('run', context, runId) : null;
    const events = run ? await runEvents(context, runId, seq) : [];
    for (const event of events) {
      seq = event.seq;
      yield { ...event, cursor: `${runId}.${seq}` };
    }
    if (!run || (isOver(run.state) && events.length === 0)) {
      waiting.abort();
      return;
    }
    if (events.length === 0) await news;
    else waiting.abort();
  }
}
