import type { PlannedRun } from './planned.ts';

/** What came of a run, or in a dry run would. */
export type State =
  /** Made by this import. */
  | 'made'
  /** It was there, with the same content. */
  | 'there'
  | 'refused';

export interface Outcome {
  readonly run: PlannedRun;
  readonly state: State;
  /** On the platform; null where there is none. */
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
