import type { RunState } from '@espalier/store';

/**
 * A run's states and what may follow on what. A stage that does not apply is left out: sampling where the
 * allocation needs none, fine-tuning without a recipe.
 */
const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  // To be queued again is to be claimed.
  queued: ['queued', 'sampling', 'searching', 'failed', 'cancelled'],
  sampling: ['queued', 'searching', 'failed', 'cancelled'],
  searching: ['pruning', 'queued', 'failed', 'cancelled'],
  pruning: ['finetuning', 'evaluating', 'queued', 'failed', 'cancelled'],
  finetuning: ['evaluating', 'queued', 'failed', 'cancelled'],
  evaluating: ['measuring', 'queued', 'failed', 'cancelled'],
  measuring: ['exporting', 'queued', 'failed', 'cancelled'],
  exporting: ['finished', 'queued', 'failed', 'cancelled'],
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
export function isAtWork(state: RunState): boolean {
  return !isOver(state) && state !== 'queued' && state !== 'sampling';
}
