import { InputError } from '@espalier/errors';
import type { Dataset, Experiment, Model, Prisma as Types } from '@espalier/store';

/** An experiment with what its runs are made of. */
export type ExperimentContext = Experiment & { readonly model: Model; readonly dataset: Dataset };
export const withContext = { model: true, dataset: true } as const satisfies Types.ExperimentInclude;

/** Of a transaction that schedules: hundreds of runs at once take a few seconds. */
export const SCHEDULING = { timeout: 60_000 } as const;

const MOST_PRIORITY = 100;

/** @throws {InputError} for a priority out of -100..100 */
export function checkPriority(priority: number): void {
  if (Number.isInteger(priority) && Math.abs(priority) <= MOST_PRIORITY) return;
  throw new InputError(
    `a priority is a whole number from -${MOST_PRIORITY} to ${MOST_PRIORITY}, not ${priority}`,
  );
}
