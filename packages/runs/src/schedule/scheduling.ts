import { InputError } from '@espalier/errors';
import type { Dataset, Experiment, Model, PrismaClient, Transaction, Prisma as Types } from '@espalier/store';
import type { Queue } from '../queue/queue.ts';

export interface Scheduling {
  readonly prisma: PrismaClient;
  readonly queue: Queue;
}

/** What else belongs into the transaction: an entry in the audit log. */
export type Also<T> = (transaction: Transaction, made: T) => Promise<void>;

/** An experiment with what its runs are made of. */
export type ExperimentContext = Experiment & { readonly model: Model; readonly dataset: Dataset };
export const withContext = { model: true, dataset: true } as const satisfies Types.ExperimentInclude;

/** Hundreds of runs at once take a few seconds. */
export const MOST_MS = 60_000;

const MOST_PRIORITY = 100;

/** @throws {InputError} for a priority out of -100..100 */
export function checkPriority(priority: number): void {
  if (Number.isInteger(priority) && Math.abs(priority) <= MOST_PRIORITY) return;
  throw new InputError(
    `a priority is a whole number from -${MOST_PRIORITY} to ${MOST_PRIORITY}, not ${priority}`,
  );
}
