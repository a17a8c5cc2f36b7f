import { createHash } from 'node:crypto';
import { InputError } from '@espalier/network';
import { allocationNames, findAllocation, findCriterion, parseTarget, type Target } from '@espalier/pruning';
import {
  type Dataset,
  type Experiment,
  type Model,
  newId,
  type PrismaClient,
  type Run,
} from '@espalier/store';
import { appendEvent, CANCEL_CHANNEL } from './claims/events.ts';
import { isOver } from './claims/life-cycle.ts';
import type { Queue, Transaction } from './queue/queue.ts';

/** What a run is, beside its experiment. */
export interface RunSpec {
  readonly allocation: string;
  readonly criterion: string;
  readonly target: Target;
  readonly seed: number;
}

export interface Scheduling {
  readonly prisma: PrismaClient;
  readonly queue: Queue;
}

/** What else belongs into the transaction: an entry in the audit log. */
export type Also<T> = (transaction: Transaction, made: T) => Promise<void>;

type Context = Experiment & { readonly model: Model; readonly dataset: Dataset };

/** Raised only when numbers of a sweep can change. */
const SAMPLING_VERSION = 1;
/** Images a block of a sweep: a share has at least one. */
const BLOCK = 100;
const MOST_SHARDS = 8;
/** Hundreds of runs at once take a few seconds. */
const MOST_MS = 60_000;

/**
 * Starts runs: each of them, the sampling that it goes by (one for all that can share it, found again if it was
 * done before) and their jobs, all in one transaction.
 *
 * @throws {InputError} for an unknown allocation, criterion or target
 */
export async function startRuns(
  { prisma, queue }: Scheduling,
  experiment: Context,
  specs: readonly RunSpec[],
  also: Also<Run[]> = async () => {},
): Promise<Run[]> {
  for (const spec of specs) check(spec);
  return prisma.$transaction(
    async (transaction) => {
      const runs: Run[] = [];
      for (const spec of specs) runs.push(await startRun(transaction, queue, experiment, spec));
      await also(transaction, runs);
      return runs;
    },
    { timeout: MOST_MS },
  );
}

function check({ allocation, criterion, target, seed }: RunSpec): void {
  if (!allocationNames.includes(allocation)) {
    throw new InputError(`there is no allocation "${allocation}"; known are ${allocationNames.join(', ')}`);
  }
  findCriterion(criterion);
  parseTarget(`${target.metric}=${target.share}`);
  if (!Number.isSafeInteger(seed)) throw new InputError(`a seed is a whole number, not ${seed}`);
}

async function startRun(
  transaction: Transaction,
  queue: Queue,
  experiment: Context,
  { allocation, criterion, target, seed }: RunSpec,
): Promise<Run> {
  const sampling = findAllocation(allocation).needsSamples
    ? await samplingFor(transaction, queue, experiment, criterion)
    : null;
  const waits = sampling !== null && sampling.state !== 'done';
  const run = await transaction.run.create({
    data: {
      id: newId('run'),
      teamId: experiment.teamId,
      experimentId: experiment.id,
      samplingRunId: sampling?.id ?? null,
      allocation,
      criterion,
      metric: target.metric,
      share: target.share,
      seed,
      state: waits ? 'sampling' : 'queued',
    },
  });
  await appendEvent(transaction, run.id, 'created', { allocation, criterion, seed });
  if (!waits) await queue.send(transaction, [{ kind: 'run', runId: run.id }]);
  return run;
}

/** The sampling run with this key: the one that is there, tried again if it failed, or a new one with its jobs. */
async function samplingFor(
  transaction: Transaction,
  queue: Queue,
  experiment: Context,
  criterion: string,
): Promise<{ id: string; state: string }> {
  const { model, dataset, grid, samples, seed } = experiment;
  const key = createHash('sha256')
    .update(
      JSON.stringify([SAMPLING_VERSION, model.networkHash, dataset.hash, criterion, grid, samples, seed]),
    )
    .digest('hex');
  const count = Math.max(1, Math.min(MOST_SHARDS, Math.floor(samples / BLOCK)));
  // Two callers at a time: the second one waits here, and then finds what the first one made.
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  const found = await transaction.samplingRun.findUnique({ where: { key } });
  if (found && found.state !== 'failed') return found;
  const id = found?.id ?? newId('sample');
  if (found) {
    await transaction.samplingRun.update({ where: { id }, data: { state: 'waiting', error: null } });
    await transaction.samplingShard.updateMany({
      where: { samplingRunId: id, state: { not: 'done' } },
      data: { state: 'waiting' },
    });
  } else {
    await transaction.samplingRun.create({
      data: {
        id,
        key,
        modelId: model.id,
        datasetId: dataset.id,
        networkHash: model.networkHash,
        datasetHash: dataset.hash,
        criterion,
        grid,
        samples,
        seed,
      },
    });
    await transaction.samplingShard.createMany({
      data: Array.from({ length: count }, (_, index) => ({ samplingRunId: id, index, count })),
    });
  }
  const open = await transaction.samplingShard.findMany({
    where: { samplingRunId: id, state: { not: 'done' } },
    orderBy: { index: 'asc' },
  });
  await queue.send(
    transaction,
    open.map(({ index }) => ({ kind: 'shard', samplingRunId: id, index })),
  );
  return { id, state: 'waiting' };
}

/**
 * Asks for a run to end: one that waits is cancelled at once, one at work is killed by its worker.
 *
 * @returns false if it is over already
 */
export async function cancelRun(
  { prisma }: Pick<Scheduling, 'prisma'>,
  runId: string,
  also: Also<string> = async () => {},
): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE id = ${runId} FOR UPDATE`;
    const run = await transaction.run.findUnique({ where: { id: runId } });
    if (!run || isOver(run.state)) return false;
    const waits = run.workerId === null;
    await transaction.run.update({
      where: { id: runId },
      data: {
        cancelAsked: true,
        ...(waits ? { state: 'cancelled', finishedAt: new Date() } : {}),
      },
    });
    await appendEvent(
      transaction,
      runId,
      waits ? 'state' : 'cancel-asked',
      waits ? { state: 'cancelled' } : {},
    );
    await also(transaction, runId);
    await transaction.$executeRaw`SELECT pg_notify(${CANCEL_CHANNEL}, ${runId})`;
    return true;
  });
}
