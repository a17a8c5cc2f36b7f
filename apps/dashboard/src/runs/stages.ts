import { isOver } from '#src/format/status.ts';
import type { RunDetail } from './run-page-query.ts';

export type StageState = 'done' | 'active' | 'waiting' | 'skipped' | 'failed';

export interface StageStep {
  readonly name: string;
  readonly state: StageState;
  /** That it took, or has taken so far; null where it never began. */
  readonly seconds: number | null;
  /** How often it was begun: more than once after an interruption. */
  readonly attempts: number;
}

/** In the order that a run goes through; what a stage counts is `unit`, and a rare one is shown where it happened. */
const STAGES = [
  { state: 'sampling', name: 'Sampling', unit: 'cell·img' },
  { state: 'searching', name: 'Search', unit: '' },
  { state: 'cutting', name: 'Cut', unit: '' },
  { state: 'recalibrating', name: 'Recalibrate', unit: 'img' },
  { state: 'repairing', name: 'Repair', unit: 'img', rare: true },
  { state: 'finetuning', name: 'Fine-tune', unit: 'img' },
  { state: 'quantising', name: 'Quantise', unit: '', rare: true },
  { state: 'evaluating', name: 'Evaluate', unit: 'img' },
  { state: 'measuring', name: 'Measure', unit: '' },
  { state: 'exporting', name: 'Export', unit: '' },
] as const;

/** What the rate of a stage counts, where it counts anything. */
export function unitOf(state: string): string {
  return STAGES.find((stage) => stage.state === state)?.unit ?? '';
}

type Attempt = RunDetail['stages'][number];

const STATES: Readonly<Record<string, StageState>> = {
  running: 'active',
  done: 'done',
  failed: 'failed',
  cancelled: 'failed',
};

/** The stages as steps: the last attempt at each counts, and what a run never came to waits or was left out. */
export function stepsOf({ state, stages }: Pick<RunDetail, 'state' | 'stages'>): StageStep[] {
  const over = isOver(state);
  return STAGES.flatMap(({ state: stage, name, ...more }): StageStep[] => {
    const attempts = stages.filter((attempt: Attempt) => attempt.name === stage);
    if (attempts.length === 0 && 'rare' in more) return [];
    const last = attempts.at(-1);
    if (!last) return [{ name, state: over ? 'skipped' : 'waiting', seconds: null, attempts: 0 }];
    const step = {
      name,
      state: STATES[last.state] ?? 'waiting',
      seconds: last.seconds,
      attempts: attempts.length,
    };
    return [step];
  });
}
