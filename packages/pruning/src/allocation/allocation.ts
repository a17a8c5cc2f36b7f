import type { AllocationProblem, Structure } from './problem.ts';
import type { Target } from './target.ts';

/** Decides how many units each group keeps for a target. */
export interface Allocation {
  readonly name: string;
  /** One line, for help texts and forms. */
  readonly description: string;
  /**
   * `shared`: it uses a sampling of the network as it is given, which others can use, too. With rounds it samples
   * by itself, again in each of them: see `pruneInRounds`, whose rounds call `allocate`.
   */
  readonly sampling: 'none' | 'shared' | { readonly rounds: number };
  /** It uses how much units score, not by their order alone. Default false. */
  readonly goesByScores?: boolean;
  /** Another seed of the run gives another structure. Default false. */
  readonly drawsBySeed?: boolean;
  /** A search over all groups together: what the others take milliseconds for takes it tenths of a second. Default false. */
  readonly isSlow?: boolean;
  /** The best structure found on the target's safe side. Throws an InputError for a target out of reach. */
  allocate(problem: AllocationProblem): Structure;
  /**
   * The same for one target of the problem's metric after the other: what does not depend on the target is searched
   * once, as far as it is needed. Left out where all depends on it.
   */
  prepare?(problem: AllocationProblem): Search;
}

/** Finds the structure for a target. Throws an InputError for one out of reach. */
export type Search = (target: Target) => Structure;

/** An allocation that has something to keep between targets. */
export function prepared(
  facts: Omit<Allocation, 'allocate' | 'prepare'>,
  prepare: (problem: AllocationProblem) => Search,
): Allocation {
  return { ...facts, prepare, allocate: (problem) => prepare(problem)(problem.target) };
}

/** The rounds that it samples in by itself; undefined for one that does not. */
export function roundsOf({ sampling }: Allocation): number | undefined {
  return typeof sampling === 'object' ? sampling.rounds : undefined;
}
