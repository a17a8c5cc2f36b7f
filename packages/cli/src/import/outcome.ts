import type { PlannedRun } from './planned.ts';

/** The result of a run's import, or in a dry run what it would be. */
export type State =
  /** Made by this import. */
  | 'made'
  /** It was there, with the same content. */
  | 'there'
  | 'refused';

export interface Outcome {
  readonly run: PlannedRun;
  readonly state: State;
  /** On the platform; null if there is none. */
  readonly id: string | null;
  /** Why it is refused. */
  readonly reason: string | null;
}

export interface ImportResult {
  readonly importId: string;
  readonly outcomes: readonly Outcome[];
  /** Of unpruned networks that were refused, by why. */
  readonly refusedBases: readonly string[];
  readonly skipped: readonly string[];
}
