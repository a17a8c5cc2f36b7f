import type { RunDetail } from './run-page-query.ts';

export type StageState = 'done' | 'active' | 'waiting' | 'skipped' | 'failed';

export interface Stage {
  readonly name: string;
  readonly state: StageState;
  /** Seconds it took; null while it is not over, or where nobody knows. */
  readonly seconds: number | null;
}

const STAGES = [
  { state: 'sampling', name: 'Sampling' },
  { state: 'searching', name: 'Search' },
  { state: 'pruning', name: 'Prune' },
  { state: 'finetuning', name: 'Fine-tune' },
  { state: 'evaluating', name: 'Evaluate' },
  { state: 'measuring', name: 'Measure' },
  { state: 'exporting', name: 'Export' },
] as const;

type Event = Pick<RunDetail['events'][number], 'kind' | 'data' | 'createdAt'>;

/** What happened of each stage, read from the run's events: the last time that a stage began counts. */
export function stagesOf(state: string, events: readonly Event[], samples: boolean): Stage[] {
  const began = new Map<string, number>();
  let at: string | null = null;
  const ended = new Map<string, number>();
  for (const event of events) {
    const next = stateOf(event);
    const time = new Date(event.createdAt).getTime();
    if (event.kind === 'created' && samples) {
      began.set('sampling', time);
      at = 'sampling';
      continue;
    }
    if (event.kind === 'sampled') ended.set('sampling', time);
    if (next === null) continue;
    if (at !== null && !ended.has(at)) ended.set(at, time);
    began.set(next, time);
    ended.delete(next);
    at = next;
  }
  const over = state === 'finished';
  const stopped = state === 'failed' || state === 'cancelled';
  const current = stopped || over ? null : state;
  return STAGES.map((stage) => {
    const from = began.get(stage.state);
    const to = ended.get(stage.state);
    const seconds = from !== undefined && to !== undefined ? (to - from) / 1000 : null;
    if (stage.state === current) return { name: stage.name, state: 'active', seconds: null };
    if (from !== undefined && to !== undefined) {
      const failedHere = stopped && stage.state === lastStage(events);
      return { name: stage.name, state: failedHere ? 'failed' : 'done', seconds };
    }
    return { name: stage.name, state: over || stopped ? 'skipped' : 'waiting', seconds: null };
  });
}

/** The stage that a run was at when it stopped. */
function lastStage(events: readonly Event[]): string | undefined {
  return (
    events
      .map(stateOf)
      .filter((state) => STAGES.some((stage) => stage.state === state))
      .at(-1) ?? undefined
  );
}

function stateOf({ kind, data }: Event): string | null {
  if (kind !== 'state' || typeof data !== 'object' || data === null) return null;
  const { state } = data as { state?: unknown };
  return typeof state === 'string' ? state : null;
}
