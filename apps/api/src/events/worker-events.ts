import { type WorkerState, workerState } from '@espalier/runs';
import type { Worker } from '@espalier/store';
import { mayStillRead } from '../access/authenticate.ts';
import { requireOperator, type Viewer } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { everyWorker } from '../operations/workers.ts';
import type { Told } from './stream.ts';

/** A worker that is lost says nothing: a reader looks by itself this often. */
const POLL_MS = 3000;

export const WORKER_NEWS = ['present', 'started', 'stopped', 'lost', 'back', 'draining', 'resumed'] as const;
export type WorkerNewsKind = (typeof WORKER_NEWS)[number];

export interface WorkerNews extends Told {
  readonly kind: WorkerNewsKind;
  readonly worker: Worker;
}

/** The workers that there are, and then what happens to them, until the reader goes. */
export function followWorkers(context: Context, signal: AbortSignal): AsyncGenerator<WorkerNews> {
  return follow(context, requireOperator(context.viewer), signal);
}

async function* follow(context: Context, viewer: Viewer, signal: AbortSignal): AsyncGenerator<WorkerNews> {
  let known: Map<string, WorkerState> | undefined;
  while (!signal.aborted) {
    const news = context.events.next([{ kind: 'workers' }], POLL_MS, signal);
    if (!(await mayStillRead(context.database.prisma, viewer, true))) return;
    const workers = await everyWorker(context);
    const states = new Map(workers.map((worker) => [worker.id, workerState(worker, false)]));
    for (const worker of workers) {
      const state = states.get(worker.id) ?? 'lost';
      const kind = known ? change(known.get(worker.id), state) : state === 'stopped' ? null : 'present';
      if (kind) yield { kind, worker, cursor: null };
    }
    known = states;
    await news;
  }
}

/** What a reader is told of a worker that was in one state and is in another; busy counts as idle. */
function change(before: WorkerState | undefined, now: WorkerState): WorkerNewsKind | null {
  if (before === now) return null;
  if (now === 'stopped' || now === 'lost' || now === 'draining') return now;
  if (before === undefined) return 'started';
  return before === 'draining' ? 'resumed' : 'back';
}
