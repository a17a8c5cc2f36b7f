import { availableParallelism, hostname, totalmem } from 'node:os';
import path from 'node:path';
import { type ArtifactStore, type Database, newId } from '@espalier/store';
import pg from 'pg';
import type { Job as QueuedJob } from 'pg-boss';
import { ArtifactCache } from './artifact-cache.ts';
import { CANCEL_CHANNEL } from './claims/events.ts';
import { CancelledRun, StoppingWorker, type WorkerContext } from './handlers/handler.ts';
import { giveUpRun, handleRun } from './handlers/run.ts';
import { giveUpShard, handleShard } from './handlers/shard.ts';
import { GIVEN_UP_QUEUE, type Job, jobSchema, QUEUE } from './queue/jobs.ts';
import type { Queue } from './queue/queue.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  /** A folder of this machine: decoded images, sampled units, checkpoints, fetched artifacts. */
  readonly home: string;
  readonly version: string;
  /** Default: auto. */
  readonly engine?: string;
  /** Of each computing process. Default: all cores. */
  readonly threads?: number;
  readonly onError?: (error: unknown) => void;
  /** Told of every heartbeat that the database has taken. */
  readonly onBeat?: () => void;
}

export interface Worker {
  readonly id: string;
  /** Gives back what it is at, and takes nothing more. */
  stop(): Promise<void>;
}

const HEARTBEAT_MS = 2000;

/** Takes jobs, one at a time, until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, queue, artifacts, home, version, onError = () => {}, onBeat = () => {} } = options;
  const { engine = 'auto', threads = availableParallelism() } = options;
  const id = newId('worker');
  await database.prisma.worker.create({
    data: {
      id,
      host: hostname(),
      pid: process.pid,
      engine,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      version,
    },
  });
  const cache = new ArtifactCache(artifacts, path.join(home, 'artifact-cache'));
  const context: WorkerContext = { workerId: id, database, queue, artifacts, cache, home, engine, threads };
  const work = new WorkUnderWay();
  const heartbeat = setInterval(() => void beat(context, work).then(onBeat).catch(onError), HEARTBEAT_MS);
  const listener = await listenForCancels(database.url, work, onError);
  const { boss, timing } = queue;
  const polling = {
    includeMetadata: true as const,
    pollingIntervalSeconds: timing.pollSeconds,
    heartbeatRefreshSeconds: Math.max(1, Math.floor(timing.heartbeatSeconds / 3)),
  };
  await boss.work(QUEUE, polling, async ([job]: QueuedJob<unknown>[]) => {
    if (!job) return;
    const payload = jobSchema.parse(job.data);
    await work.run(idOf(payload), job.signal, (signal) => handle(context, payload, signal));
  });
  await boss.work(GIVEN_UP_QUEUE, { pollingIntervalSeconds: timing.pollSeconds }, async ([job]) => {
    if (job) await giveUp(context, jobSchema.parse(job.data));
  });
  return {
    id,
    async stop() {
      clearInterval(heartbeat);
      const taking = [QUEUE, GIVEN_UP_QUEUE].map((name) => boss.offWork(name, { wait: false }));
      work.abortAll(new StoppingWorker('the worker is stopping'));
      await Promise.all(taking);
      await work.settled();
      await listener.close();
      await database.prisma.worker.update({ where: { id }, data: { stoppedAt: new Date() } });
    },
  };
}

function handle(context: WorkerContext, job: Job, signal: AbortSignal): Promise<void> {
  return job.kind === 'shard' ? handleShard(context, job, signal) : handleRun(context, job, signal);
}

function giveUp(context: WorkerContext, job: Job): Promise<void> {
  return job.kind === 'shard' ? giveUpShard(context, job) : giveUpRun(context, job);
}

/** What a cancel names it by. */
function idOf(job: Job): string {
  return job.kind === 'shard' ? `${job.samplingRunId}/${job.index}` : job.runId;
}

/** Says that the worker lives, and looks for runs whose cancelling it did not hear of. */
async function beat({ database, workerId }: WorkerContext, work: WorkUnderWay): Promise<void> {
  const now = new Date();
  await database.prisma.worker.update({ where: { id: workerId }, data: { lastSeenAt: now } });
  const asked = await database.prisma.run.findMany({
    where: { id: { in: work.ids() }, cancelAsked: true },
    select: { id: true },
  });
  for (const { id } of asked) work.abort(id, new CancelledRun(`run ${id} was cancelled`));
}

/** What the worker computes at the moment, and how to stop it. */
class WorkUnderWay {
  private readonly controllers = new Map<string, AbortController>();
  private readonly promises = new Set<Promise<unknown>>();

  async run(
    id: string,
    queueSignal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    const promise = work(AbortSignal.any([controller.signal, queueSignal]));
    const settled = promise.catch(() => {});
    this.promises.add(settled);
    try {
      await promise;
    } finally {
      this.controllers.delete(id);
      this.promises.delete(settled);
    }
  }

  ids(): string[] {
    return [...this.controllers.keys()];
  }

  abort(id: string, reason: Error): void {
    this.controllers.get(id)?.abort(reason);
  }

  abortAll(reason: Error): void {
    for (const controller of this.controllers.values()) controller.abort(reason);
  }

  async settled(): Promise<void> {
    await Promise.all(this.promises);
  }
}

/** Cancels arrive at once by notification; the heartbeat finds those that were missed. */
async function listenForCancels(
  url: string,
  work: WorkUnderWay,
  onError: (error: unknown) => void,
): Promise<{ close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', onError);
  client.on('notification', ({ payload }) => {
    if (payload) work.abort(payload, new CancelledRun(`run ${payload} was cancelled`));
  });
  await client.connect();
  await client.query(`LISTEN ${CANCEL_CHANNEL}`);
  return { close: () => client.end().catch(() => {}) };
}
