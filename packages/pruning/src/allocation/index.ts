import { InputError } from '@espalier/errors';
import { cie } from './cie.ts';
import { cieIterative } from './cie-iterative.ts';
import { cieProportional } from './cie-proportional.ts';
import { global } from './global.ts';
import { greedy } from './greedy.ts';
import { MANUAL_FORM, manual } from './manual.ts';
import { type AllocationProblem, largestSaving, reaches, type Structure, unreachable } from './problem.ts';
import { random } from './random.ts';
import { sensitivity } from './sensitivity.ts';
import { uniform } from './uniform.ts';

/** Decides how many units each group keeps for a target. */
export interface Allocation {
  readonly name: string;
  /** Whether it goes by a sampling of the network as it is given, which others can go by, too. */
  readonly needsSamples: boolean;
  /** It samples by itself, anew in each of so many rounds: see `pruneInRounds`. `allocate` is what a round does. */
  readonly rounds?: number;
  /** The best structure found on the target's safe side. Throws an InputError for a target out of reach. */
  allocate(problem: AllocationProblem): Structure;
}

const allocations: readonly Allocation[] = [
  cie,
  cieProportional,
  cieIterative,
  sensitivity,
  greedy,
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
    );
  }
  return allocation;
}

/** Says before anything is sampled whether the target can be reached at all. */
export function checkReachable(problem: AllocationProblem): void {
  const largest = largestSaving(problem);
  if (!reaches(problem, largest)) throw unreachable(problem, largest);
}
