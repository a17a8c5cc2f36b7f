/** Where a run can stand, in the order that it goes through. */
export const RUN_STATES = [
  'queued',
  'sampling',
  'searching',
  'pruning',
  'finetuning',
  'evaluating',
  'measuring',
  'exporting',
  'finished',
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The states of a run as a person sees them: a word, an icon (by the badge) and a colour each. */
export type Status = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'lost';

const STATUS: Readonly<Record<string, Status>> = {
  queued: 'queued',
  sampling: 'running',
  searching: 'running',
  pruning: 'running',
  finetuning: 'running',
  evaluating: 'running',
  measuring: 'running',
  exporting: 'running',
  finished: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What each state is called. */
const WORDS: Readonly<Record<string, string>> = {
  queued: 'queued',
  sampling: 'sampling',
  searching: 'searching',
  pruning: 'pruning',
  finetuning: 'fine-tuning',
  evaluating: 'evaluating',
  measuring: 'measuring',
  exporting: 'exporting',
  finished: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

export function statusOf(state: string): Status {
  return STATUS[state] ?? 'lost';
}

export function stateWord(state: string): string {
  return WORDS[state] ?? state;
}

export function isOver(state: string): boolean {
  return state === 'finished' || state === 'failed' || state === 'cancelled';
}
