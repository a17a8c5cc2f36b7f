import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InputError, makeHome } from '@espalier/errors';
import { NoQueue, Queue } from '@espalier/runs';
import {
  artifactsOf,
  keepTidy,
  noted,
  openDatabase,
  readEnvironment,
  storeRules,
  storeVariables,
  waitForDatabase,
  waitForSchema,
} from '@espalier/store';
import { z } from 'zod';
import { budgetsOf, budgetVariables } from './budgets.ts';
import { startWorker, type Worker } from './worker.ts';

export interface RunWorkerOptions {
  readonly version: string;
  readonly engine: string;
  readonly threads?: number | undefined;
  readonly onError: (error: unknown) => void;
  /** Told in a line what the worker takes and what happens to it. */
  readonly log: (line: string) => void;
  /** Whether it ends what it is at first, by the reason of the signal. */
  readonly drains?: (reason: unknown) => boolean;
  /** Told when the database cannot be reached yet: why, and in how many seconds it is tried again. */
  readonly onWait: (reason: string, seconds: number) => void;
  /** Told when the worker takes jobs. */
  readonly onStart: (worker: Worker) => void;
  /** Aborted to end it: what it is at goes back to the queue, unless it drains. */
  readonly signal: AbortSignal;
}

const schema = z
  .object({
    ...storeVariables,
    ...budgetVariables,
    /** A file that is touched at every heartbeat, for whoever watches over the process. */
    ESPALIER_HEARTBEAT_FILE: z.string().min(1).optional(),
  })
  .superRefine(storeRules);

/**
 * A worker of a platform, on this or another machine, until the signal. A database that is not up yet is waited
 * for.
 *
 * @throws {InputError} if the environment does not say which database
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { version, engine, threads, onError, onWait, log, onStart, signal, drains = () => false } = options;
  const variables = readEnvironment(schema, process.env);
  const { ESPALIER_DATABASE_URL: url, ESPALIER_HOME, ESPALIER_HEARTBEAT_FILE: heartbeat } = variables;
  if (url === undefined) {
    throw new InputError("a worker needs the platform's database: set ESPALIER_DATABASE_URL");
  }
  const home = path.resolve(ESPALIER_HOME);
  makeHome(home);
  await waitForDatabase(url, { onWait, signal });
  if (signal.aborted) return;
  await waitForSchema(url, { onWait, signal });
  const queue = await openQueue(url, options);
  if (!queue) return;
  // The API migrates; a worker waits for it.
  const database = await openDatabase(url, { migrates: false, onError });
  try {
    const artifacts = noted(artifactsOf(variables), database.prisma);
    const cacheBytes = variables.ESPALIER_CACHE_GB * 1e9;
    const untidy = await keepTidy({ database, home, cacheBytes, log, onError });
    const worker = await startWorker({
      ...{ database, queue, artifacts, home },
      ...{ version, engine, onError, log, budgets: budgetsOf(variables) },
      ...(heartbeat === undefined ? {} : { onBeat: () => writeFileSync(heartbeat, '') }),
      ...(threads === undefined ? {} : { threads }),
    });
    onStart(worker);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    if (drains(signal.reason)) await worker.drain();
    await worker.stop();
    await untidy();
  } finally {
    await queue.close();
    await database.close();
  }
}

const QUEUE_WAIT_SECONDS = 2;

/** Waits until the API has made it; null if the signal comes first. */
async function openQueue(
  url: string,
  { onError, onWait, signal }: Pick<RunWorkerOptions, 'onError' | 'onWait' | 'signal'>,
): Promise<Queue | null> {
  while (!signal.aborted) {
    try {
      return await Queue.open(url, onError, { installs: false });
    } catch (error) {
      if (!(error instanceof NoQueue)) throw error;
      onWait(error.message, QUEUE_WAIT_SECONDS);
      await setTimeout(QUEUE_WAIT_SECONDS * 1000, undefined, { signal }).catch(() => {});
    }
  }
  return null;
}
