import { expect, it } from 'vitest';
import { stepsOf, unitOf } from './stages.ts';

const attempt = (
  name: 'queued' | 'sampling' | 'searching' | 'cutting' | 'finetuning',
  state: string,
  seconds: number,
) => ({
  name,
  state,
  seconds,
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  done: null,
  total: null,
});

it('tells what each stage took, and which a finished run had none of', () => {
  const stages = [
    attempt('sampling', 'done', 41),
    attempt('searching', 'done', 0.01),
    attempt('cutting', 'done', 1),
  ];
  const steps = stepsOf({ state: 'finished', stages });
  expect(steps.map(({ name, state, seconds }) => [name, state, seconds]).slice(0, 4)).toEqual([
    ['Sampling', 'done', 41],
    ['Search', 'done', 0.01],
    ['Cut', 'done', 1],
    ['Recalibrate', 'skipped', null],
  ]);
});

it('knows the stage at work, those that wait, and how often one was begun', () => {
  const stages = [
    attempt('searching', 'done', 0.01),
    attempt('cutting', 'interrupted', 2),
    attempt('cutting', 'running', 1),
  ];
  expect(stepsOf({ state: 'cutting', stages }).slice(0, 4)).toEqual([
    { name: 'Sampling', state: 'waiting', seconds: null, attempts: 0 },
    { name: 'Search', state: 'done', seconds: 0.01, attempts: 1 },
    { name: 'Cut', state: 'active', seconds: 1, attempts: 2 },
    { name: 'Recalibrate', state: 'waiting', seconds: null, attempts: 0 },
  ]);
});

it('adds up the rounds of a pass, and counts passes', () => {
  const stages = [
    attempt('searching', 'done', 1),
    attempt('cutting', 'interrupted', 2),
    attempt('searching', 'done', 3),
    attempt('cutting', 'done', 4),
    attempt('searching', 'done', 5),
    attempt('cutting', 'running', 6),
  ];
  expect(stepsOf({ state: 'cutting', stages }).slice(1, 3)).toEqual([
    { name: 'Search', state: 'done', seconds: 8, attempts: 2 },
    { name: 'Cut', state: 'active', seconds: 10, attempts: 2 },
  ]);
});

it('says where a run failed', () => {
  const steps = stepsOf({ state: 'failed', stages: [attempt('searching', 'failed', 1)] });
  expect(steps.map(({ state }) => state).slice(0, 3)).toEqual(['skipped', 'failed', 'skipped']);
});

it('has a unit for what is counted', () => {
  expect([unitOf('evaluating'), unitOf('cutting'), unitOf('queued')]).toEqual(['img', '', '']);
});

it('keeps no failure of a run that went on behind it', () => {
  const failed = [attempt('sampling', 'failed', 5)];
  const first = (
    state: 'failed' | 'queued' | 'searching' | 'finished' | 'cancelled',
    stages: typeof failed,
  ) => stepsOf({ state, stages })[0]?.state;
  expect(first('failed', failed)).toBe('failed');
  expect(first('cancelled', [attempt('sampling', 'cancelled', 5)])).toBe('cancelled');
  const again = [...failed, attempt('queued', 'running', 1)];
  expect(first('queued', again)).toBe('waiting');
  // The sampling was done meanwhile.
  const on = [...failed, attempt('queued', 'done', 1), attempt('searching', 'running', 1)];
  expect(first('searching', on)).toBe('done');
  expect(first('finished', [...on, attempt('cutting', 'done', 1)])).toBe('done');
  const interrupted = [attempt('sampling', 'interrupted', 5), attempt('searching', 'done', 1)];
  expect(first('finished', interrupted)).toBe('done');
});
