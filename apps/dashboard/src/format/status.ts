import { wordOf } from '#src/graphql/enum-words.ts';

/** Where a run can stand, in the order that it goes through. */
export const RUN_STATES = [
  'RECORDING',
  'QUEUED',
  'SAMPLING',
  'SEARCHING',
  'CUTTING',
  'RECALIBRATING',
  'REPAIRING',
  'FINETUNING',
  'QUANTISING',
  'EVALUATING',
  'MEASURING',
  'EXPORTING',
  'FINISHED',
  'FAILED',
  'CANCELLED',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The states of a run as a person sees them: a word, an icon (by the badge) and a colour each. */
export type Status = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'lost';

/** Those that no worker is at; all others are running. */
const STATUS: Readonly<Partial<Record<RunState, Status>>> = {
  QUEUED: 'queued',
  FINISHED: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What states are called whose names are no words. */
const WORDS: Readonly<Partial<Record<RunState, string>>> = { FINETUNING: 'fine-tuning', FINISHED: 'done' };

function isState(state: string): state is RunState {
  return (RUN_STATES as readonly string[]).includes(state);
}

export function statusOf(state: string): Status {
  return isState(state) ? (STATUS[state] ?? 'running') : 'lost';
}

export function stateWord(state: string): string {
  return (isState(state) ? WORDS[state] : undefined) ?? wordOf(state);
}

export function isOver(state: string): boolean {
  return state === 'FINISHED' || state === 'FAILED' || state === 'CANCELLED';
}

/** Whether it can be started again as it was: what was imported is not computed here. */
export function canRetry({ state, origin }: { readonly state: string; readonly origin: string }): boolean {
  return origin === 'ESPALIER' && (state === 'FAILED' || state === 'CANCELLED');
}
