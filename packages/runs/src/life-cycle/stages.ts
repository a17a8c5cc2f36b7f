import type { RunEvent, RunState } from '@espalier/store';

export const STAGE_STATES = ['running', 'done', 'interrupted', 'failed', 'cancelled'] as const;
export type StageState = (typeof STAGE_STATES)[number];

/** A state that a run was in, from when to when. */
export interface Stage {
  readonly name: RunState;
  readonly state: StageState;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

/** Event kinds that stages are derived from. */
export const STAGE_EVENTS = ['created', 'claimed', 'sampled', 'state'];

const ENDINGS: Readonly<Partial<Record<RunState, StageState>>> = {
  finished: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * What a run has gone through, in order, every attempt of it. A stage whose worker died, or gave the run back,
 * was interrupted; the stages after it are done again.
 */
export function stagesOf(
  events: readonly Pick<RunEvent, 'kind' | 'data' | 'createdAt'>[],
  first: RunState = 'queued',
): Stage[] {
  const stages: Stage[] = [];
  let open: Stage | null = null;
  let isClaimed = false;
  const close = (state: StageState, finishedAt: Date) => {
    if (open) stages.push({ ...open, state, finishedAt });
    open = null;
  };
  const begin = (name: RunState, startedAt: Date) => {
    open = { name, state: 'running', startedAt, finishedAt: null };
  };
  for (const { kind, data, createdAt } of events) {
    const { state } = data as { readonly state?: RunState };
    const at = (open as Stage | null)?.name;
    // Rounds sample by themselves; else a run that samples waits for what it shares.
    const waits = at === 'queued' || (at === 'sampling' && !isClaimed);
    if (kind === 'claimed') isClaimed = true;
    else if (state === 'queued' || state === 'cancelled' || state === 'failed') isClaimed = false;
    if (kind === 'created') begin(state ?? first, createdAt);
    else if (kind === 'sampled') {
      close('done', createdAt);
      begin('queued', createdAt);
    } else if (kind === 'claimed') close(waits ? 'done' : 'interrupted', createdAt);
    else if (kind === 'state' && state !== undefined) {
      const ending = ENDINGS[state];
      close(ending ?? (state === 'queued' && !waits ? 'interrupted' : 'done'), createdAt);
      if (!ending) begin(state, createdAt);
    }
  }
  return open ? [...stages, open] : stages;
}
