import { isOver } from '#src/format/status.ts';
import type { RunDetail } from './run-page-query.ts';

export type StageState = 'done' | 'active' | 'waiting' | 'skipped' | 'failed' | 'cancelled';

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
  { state: 'SAMPLING', name: 'Sampling', unit: 'img' },
  { state: 'SEARCHING', name: 'Search', unit: '' },
  { state: 'CUTTING', name: 'Cut', unit: '' },
  { state: 'REPAIRING', name: 'Repair', unit: 'img·layer' },
  { state: 'RECALIBRATING', name: 'Recalibrate', unit: 'img', rare: true },
  { state: 'FINETUNING', name: 'Fine-tune', unit: 'img' },
  { state: 'QUANTISING', name: 'Quantise', unit: '', rare: true },
  { state: 'EVALUATING', name: 'Evaluate', unit: 'img' },
  { state: 'MEASURING', name: 'Measure', unit: '' },
  { state: 'EXPORTING', name: 'Export', unit: '' },
] as const;

/** What the rate of a stage counts, where it counts anything. */
export function unitOf(state: string): string {
  return STAGES.find((stage) => stage.state === state)?.unit ?? '';
}

type Attempt = RunDetail['stages'][number];

const STATES: Readonly<Partial<Record<Attempt['state'], StageState>>> = {
  RUNNING: 'active',
  DONE: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What ends a pass: whatever follows begins again from the front. */
const BROKEN = new Set<Attempt['state']>(['INTERRUPTED', 'FAILED', 'CANCELLED']);

/**
 * The stages as steps: the last pass that came to each counts, with all of its rounds; what a run never came to waits
 * or was left out. What broke off and was not begun again, though the run went on behind it, was done elsewhere meanwhile:
 * a sampling that runs share, say.
 */
export function stepsOf({ state, stages }: Pick<RunDetail, 'state' | 'stages'>): StageStep[] {
  let pass = 0;
  const begun = stages.map((attempt: Attempt, at) => ({
    ...attempt,
    at,
    pass: BROKEN.has(attempt.state) ? pass++ : pass,
  }));
  return STAGES.flatMap(({ state: stage, name, ...more }, place): StageStep[] => {
    const own = begun.filter((attempt) => attempt.name === stage);
    const last = own.at(-1);
    if (!last && 'rare' in more) return [];
    if (!last) return [{ name, state: isOver(state) ? 'skipped' : 'waiting', seconds: null, attempts: 0 }];
    const since = begun.slice(last.at + 1);
    if (BROKEN.has(last.state) && since.length > 0) {
      const wentOn = STAGES.slice(place + 1).some((later) => since.some((each) => each.name === later.state));
      return [{ name, state: wentOn ? 'done' : 'waiting', seconds: null, attempts: 0 }];
    }
    const rounds = own.filter((attempt) => attempt.pass === last.pass);
    const step = {
      name,
      state: STATES[last.state] ?? 'waiting',
      seconds: rounds.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
      attempts: new Set(own.map((attempt) => attempt.pass)).size,
    };
    return [step];
  });
}
