import type { AllocationProblem, Structure } from './problem.ts';

/** Decides how many units each group keeps for a target. */
export interface Allocation {
  readonly name: string;
  /** One line, for help texts and forms. */
  readonly description: string;
  /**
   * `shared`: it goes by a sampling of the network as it is given, which others can go by, too. With rounds it samples
   * by itself, anew in each of them: see `pruneInRounds`, whose rounds call `allocate`.
   */
  readonly sampling: 'none' | 'shared' | { readonly rounds: number };
  /** Another seed of the run gives another structure. Default false. */
  readonly drawsBySeed?: boolean;
  /** The best structure found on the target's safe side. Throws an InputError for a target out of reach. */
  allocate(problem: AllocationProblem): Structure;
}

/** The rounds that it samples in by itself; undefined for one that does not. */
export function roundsOf({ sampling }: Allocation): number | undefined {
  return typeof sampling === 'object' ? sampling.rounds : undefined;
}
