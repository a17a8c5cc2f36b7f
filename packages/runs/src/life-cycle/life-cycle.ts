import type { Run, RunState } from '@espalier/store';

/** What may happen to everything that is not over: given back or lost, ended badly, ended by a person. */
const ALWAYS: readonly RunState[] = ['queued', 'failed', 'cancelled'];

/**
 * A run's states and what may follow on what. A stage that does not apply is left out. With rounds, what a round has
 * left is scored, maybe trained, and sampled again.
 */
const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  /** Computed elsewhere: nobody here goes on with it. */
  recording: ['finished', 'failed', 'cancelled'],
  // To be queued again is to be claimed.
  queued: ['queued', 'sampling', 'searching', 'failed', 'cancelled'],
  /** Waits for a sampling that it shares with others, or makes its own. */
  sampling: ['searching', ...ALWAYS],
  searching: ['cutting', ...ALWAYS],
  cutting: ['recalibrating', 'repairing', 'finetuning', 'quantising', 'evaluating', ...ALWAYS],
  recalibrating: ['repairing', 'finetuning', 'quantising', 'evaluating', ...ALWAYS],
  repairing: ['finetuning', 'quantising', 'evaluating', 'sampling', ...ALWAYS],
  finetuning: ['quantising', 'evaluating', 'sampling', ...ALWAYS],
  quantising: ['evaluating', ...ALWAYS],
  evaluating: [
    ...(['measuring', 'exporting', 'sampling'] as const),
    ...(['recalibrating', 'repairing', 'finetuning', 'quantising'] as const),
    ...ALWAYS,
  ],
  measuring: ['exporting', ...ALWAYS],
  exporting: ['finished', ...ALWAYS],
  finished: [],
  // Retried by a person.
  failed: ['queued', 'sampling'],
  cancelled: ['queued', 'sampling'],
};

export function mayFollow(state: RunState, next: RunState): boolean {
  return NEXT[state].includes(next);
}

/** Nothing more happens by itself. */
export const OVER: readonly RunState[] = ['finished', 'failed', 'cancelled'];

export function isOver(state: RunState): boolean {
  return OVER.includes(state);
}

/** A worker has it, or should have. */
export function isAtWork({ state, workerId }: Pick<Run, 'state' | 'workerId'>): boolean {
  if (isOver(state) || state === 'queued' || state === 'recording') return false;
  return state !== 'sampling' || workerId !== null;
}
