import { availableParallelism, hostname } from 'node:os';
import { ENGINE_CHOICES, type EngineName, installedVersion } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { machineHere } from '@espalier/latency';
import {
  announceWorker,
  book,
  CANCEL_CHANNEL,
  engineOf,
  GIVEN_UP_QUEUE,
  type Job,
  jobSchema,
  machineQueue,
  type Queue,
  queueOf,
} from '@espalier/runs';
import { ArtifactCache, type ArtifactStore, type Database, Listener, newId } from '@espalier/store';
import type { Budgets } from './budgets.ts';
import { gpuName } from './gpu.ts';
import { giveUp } from './handlers/give-up.ts';
import { GivenBack, type WorkerContext } from './handlers/handler.ts';
import { handleProfiling } from './handlers/profiling.ts';
import { handleRecompute } from './handlers/recompute.ts';
import { handleRun } from './handlers/run.ts';
import { handleShard } from './handlers/shard.ts';
import { type Compute, ComputingProcesses } from './processes/compute.ts';
import { cancelled, Pulse } from './pulse.ts';
import { Taking } from './taking.ts';
import { Turn } from './turn.ts';
import { WorkUnderWay } from './work-under-way.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  /** A folder of this machine: decoded images, sampled units, checkpoints, fetched artifacts. */
  readonly home: string;
  readonly version: string;
  /** Default: auto, which is decided when it starts. It takes the jobs of its engine. */
  readonly engine?: string;
  /** Of each computing process. Default: all cores. */
  readonly threads?: number;
  /** What its machine is called. Default: its host name. */
  readonly host?: string;
  readonly onError?: (error: unknown) => void;
  /** Told of every heartbeat that the database has taken. */
  readonly onBeat?: () => void;
  /** Told in a line what the worker takes and what happens to it. */
  readonly log?: (line: string) => void;
  /** What one piece of work may take. Default: what there is. */
  readonly budgets?: Budgets;
  /** Default: in a separate process. Benchmarks of everything else put something fast in its place. */
  readonly compute?: Compute;
}

export interface Worker {
  readonly id: string;
  /** Takes nothing more, and ends when what it is at has ended. */
  drain(): Promise<void>;
  /** Gives back what it is at, and takes nothing more. */
  stop(): Promise<void>;
}

const HEARTBEAT_MS = 2000;

/** Takes jobs, one at a time, until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, queue, artifacts, home, version } = options;
  const { onError = () => {}, onBeat = () => {}, log = () => {} } = options;
  const processes = new ComputingProcesses(options.budgets);
  const { threads = availableParallelism(), compute = processes.compute } = options;
  const id = newId('worker');
  const { memory: memoryBytes, ...machine } = machineHere();
  const { host = hostname() } = options;
  const gpu = await gpuName();
  const engine = await chosenEngine(options.engine ?? 'auto', gpu !== null, processes);
  await queue.makeMachine(host);
  await database.prisma.$transaction(async (transaction) => {
    await transaction.worker.create({
      data: {
        ...{ id, host, ...machine, memoryBytes: memoryBytes ?? 0, pid: process.pid, gpu, version },
        ...{ engine, engineVersion: installedVersion(engine), threads },
      },
    });
    await announceWorker(transaction, id);
  });
  const cache = new ArtifactCache(artifacts, home);
  const context: WorkerContext = {
    workerId: id,
    host,
    database,
    queue,
    artifacts,
    cache,
    home,
    engine,
    threads,
    onError,
    compute,
  };
  const work = new WorkUnderWay();
  const take = async (job: Job, queueSignal: AbortSignal, place: number) => {
    const name = idOf(job);
    const started = performance.now();
    log(`${name}: taken`);
    const turn = new Turn({
      book: (seconds) => book(database.prisma, job, { queue: queueOf(engine), turn: place, seconds }),
      budgets: options.budgets,
      onSpent: (error) => work.abort(name, error),
      onError,
    });
    try {
      const outcome = await work.run(name, queueSignal, (signal) =>
        handle(context, job, signal, turn, taking),
      );
      log(`${name}: ${outcome}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
      log(`${name}: was interrupted and will be retried: ${error instanceof Error ? error.message : error}`);
      throw error;
    } finally {
      await turn.end();
    }
  };
  const taking = new Taking(queue, queueOf(engine), take);
  // What only this machine can do, beside what it is at: that is waited for.
  const ofMachine = engine === 'onnxruntime' ? new Taking(queue, machineQueue(host), take) : null;
  const all = [taking, ...(ofMachine ? [ofMachine] : [])];
  const pulse = new Pulse(context, work, { taking, all }, { onError, onBeat, log });
  const listener = await Listener.open(database.url, {
    channels: [CANCEL_CHANNEL],
    onNotification: (_channel, runId) => work.abort(runId, cancelled(runId)),
    onReconnect: () => void pulse.beat(),
    onError,
  });
  // A profile may be under way on this machine.
  await pulse.beat();
  await Promise.all(all.map((each) => each.release('ended')));
  const heartbeat = setInterval(() => void pulse.beat(), HEARTBEAT_MS);
  await queue.boss.work(
    GIVEN_UP_QUEUE,
    // They come up when the queue looks for silent workers, no sooner.
    { pollingIntervalSeconds: queue.timing.superviseSeconds },
    async ([job]) => {
      if (job) await giveUp(context, jobSchema.parse(job.data));
    },
  );
  return {
    id,
    async drain() {
      pulse.stop();
      log('takes no more jobs, and stops after the current one');
      await tellOf(context, { draining: true });
      await Promise.all(all.map((each) => each.hold('ended')));
    },
    async stop() {
      pulse.stop();
      clearInterval(heartbeat);
      const taken = all.map((each) => each.hold('ended'));
      work.abortAll(new GivenBack('the worker stopped'));
      await work.settled();
      processes.close();
      await Promise.all([...taken, queue.boss.offWork(GIVEN_UP_QUEUE)]);
      await listener.close();
      await tellOf(context, { stoppedAt: new Date() });
    },
  };
}

/** @throws {InputError} for an engine that there is not */
async function chosenEngine(
  choice: string,
  hasGpu: boolean,
  processes: ComputingProcesses,
): Promise<EngineName> {
  if (!(ENGINE_CHOICES as readonly string[]).includes(choice)) {
    throw new InputError(`there is no engine "${choice}"; known are ${ENGINE_CHOICES.join(', ')}`, 'engine');
  }
  if (choice !== 'auto') return engineOf({ engine: choice });
  // Whoever looks for a GPU takes its memory: that is for a process which ends.
  return hasGpu ? processes.engineHere() : 'onnxruntime';
}

async function handle(
  context: WorkerContext,
  job: Job,
  signal: AbortSignal,
  turn: Turn,
  taking: Taking,
): Promise<string> {
  switch (job.kind) {
    case 'shard':
      return handleShard(context, job, signal, turn);
    case 'run':
      return handleRun(context, job, signal, turn);
    case 'recompute':
      return handleRecompute(context, job, signal);
    case 'profiling':
      try {
        return await handleProfiling(context, job, signal, () => taking.hold('profiling'));
      } finally {
        // Its end is nothing to wait for.
        taking.release('profiling').catch(context.onError);
      }
  }
}

/** What a cancel names it by. */
function idOf(job: Job): string {
  switch (job.kind) {
    case 'shard':
      return `${job.samplingRunId}/${job.index}`;
    case 'run':
      return job.runId;
    case 'recompute':
      return job.recomputationId;
    case 'profiling':
      return job.profilingId;
  }
}

/** Writes into the registry what is new of the worker. */
async function tellOf(
  { database, workerId: id }: WorkerContext,
  data: { readonly draining: true } | { readonly stoppedAt: Date },
): Promise<void> {
  await database.prisma.$transaction(async (transaction) => {
    await transaction.worker.update({ where: { id }, data });
    await announceWorker(transaction, id);
  });
}
