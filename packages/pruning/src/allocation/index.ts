import { InputError } from '@espalier/errors';
import type { Allocation } from './allocation.ts';
import { cie } from './cie.ts';
import { cieIterative } from './cie-iterative.ts';
import { cieProportional } from './cie-proportional.ts';
import { global } from './global.ts';
import { greedy } from './greedy.ts';
import { leastDrop, leastLoss } from './least.ts';
import { MANUAL_FORM, manual } from './manual.ts';
import { type AllocationProblem, largestSaving, reaches, unreachable } from './problem.ts';
import { random } from './random.ts';
import { sensitivity } from './sensitivity.ts';
import { uniform } from './uniform.ts';

const allocations: readonly Allocation[] = [
  cie,
  cieProportional,
  cieIterative,
  sensitivity,
  greedy,
  leastLoss,
  leastDrop,
  uniform,
  global,
  random,
];

/** Those that a name says all of; {@link MANUAL_FORM} takes shares. */
export const allocationNames: readonly string[] = allocations.map(({ name }) => name);

export function findAllocation(name: string): Allocation {
  const allocation = allocations.find((candidate) => candidate.name === name) ?? manual(name);
  if (!allocation) {
    throw new InputError(
      `there is no allocation "${name}"; the allocations are ${allocationNames.join(', ')} and ${MANUAL_FORM}`,
      'allocation',
    );
  }
  return allocation;
}

/** Says before anything is sampled whether the target can be reached at all. */
export function checkReachable(problem: AllocationProblem): void {
  const largest = largestSaving(problem);
  if (!reaches(problem, largest)) throw unreachable(problem, largest);
}
