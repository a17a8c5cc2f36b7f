import { isOver } from '@espalier/runs';
import type { RunEvent } from '@espalier/store';
import { mayStillRead } from '../access/authenticate.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { runEvents } from '../runs/runs.ts';

/** A reader looks by itself this often, for notifications that were missed. */
const POLL_MS = 5000;

/** A run's events behind a number, those that are there and then those that come, until the run is over. */
export function followRun(
  context: Context,
  runId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  // At once, and not when the first event is read: an error is then told like that of a query.
  const viewer = requireRole(context.viewer, 'viewer');
  return follow(context, viewer, runId, afterSeq, signal);
}

async function* follow(
  context: Context,
  viewer: Viewer,
  runId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
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
      yield event;
    }
    if (!run || (isOver(run.state) && events.length === 0)) {
      waiting.abort();
      return;
    }
    if (events.length === 0) await news;
    else waiting.abort();
  }
}
