import path from 'node:path';
import { InputError } from '@espalier/network';
import { artifactsOf, openDatabase, readStoreEnvironment } from '@espalier/store';
import { Queue } from './queue/queue.ts';
import { startWorker, type Worker } from './worker.ts';

export interface RunWorkerOptions {
  readonly version: string;
  readonly engine: string;
  readonly threads?: number | undefined;
  readonly onError: (error: unknown) => void;
  /** Told when the worker takes jobs. */
  readonly onStart: (worker: Worker) => void;
  /** Aborted to end it: what it is at goes back to the queue. */
  readonly signal: AbortSignal;
}

/**
 * A worker of a platform, on this or another machine, until the signal.
 *
 * @throws {InputError} if the environment does not say which database
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { version, engine, threads, onError, onStart, signal } = options;
  const variables = readStoreEnvironment();
  const { ESPALIER_DATABASE_URL: url, ESPALIER_HOME } = variables;
  if (url === undefined) {
    throw new InputError("a worker needs the platform's database: set ESPALIER_DATABASE_URL");
  }
  const database = await openDatabase(url, { onError });
  try {
    const queue = await Queue.open(url, onError);
    try {
      const worker = await startWorker({
        ...{ database, queue, artifacts: artifactsOf(variables), home: path.resolve(ESPALIER_HOME) },
        ...{ version, engine, onError },
        ...(threads === undefined ? {} : { threads }),
      });
      onStart(worker);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await worker.stop();
    } finally {
      await queue.close();
    }
  } finally {
    await database.close();
  }
}
