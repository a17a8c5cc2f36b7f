import { expect, it } from 'vitest';
import { stepsOf, unitOf } from './stages.ts';

const attempt = (
  name: 'QUEUED' | 'SAMPLING' | 'SEARCHING' | 'CUTTING' | 'FINETUNING',
  state: 'RUNNING' | 'DONE' | 'INTERRUPTED' | 'FAILED' | 'CANCELLED',
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
    attempt('SAMPLING', 'DONE', 41),
    attempt('SEARCHING', 'DONE', 0.01),
    attempt('CUTTING', 'DONE', 1),
  ];
  const steps = stepsOf({ state: 'FINISHED', stages });
  expect(steps.map(({ name, state, seconds }) => [name, state, seconds]).slice(0, 4)).toEqual([
    ['Sampling', 'done', 41],
    ['Search', 'done', 0.01],
    ['Cut', 'done', 1],
    ['Repair', 'skipped', null],
  ]);
});

it('knows the stage at work, those that wait, and how often one was begun', () => {
  const stages = [
    attempt('SEARCHING', 'DONE', 0.01),
    attempt('CUTTING', 'INTERRUPTED', 2),
    attempt('CUTTING', 'RUNNING', 1),
  ];
  expect(stepsOf({ state: 'CUTTING', stages }).slice(0, 4)).toEqual([
    { name: 'Sampling', state: 'waiting', seconds: null, attempts: 0 },
    { name: 'Search', state: 'done', seconds: 0.01, attempts: 1 },
    { name: 'Cut', state: 'active', seconds: 1, attempts: 2 },
    { name: 'Repair', state: 'waiting', seconds: null, attempts: 0 },
  ]);
});

it('adds up the rounds of a pass, and counts passes', () => {
  const stages = [
    attempt('SEARCHING', 'DONE', 1),
    attempt('CUTTING', 'INTERRUPTED', 2),
    attempt('SEARCHING', 'DONE', 3),
    attempt('CUTTING', 'DONE', 4),
    attempt('SEARCHING', 'DONE', 5),
    attempt('CUTTING', 'RUNNING', 6),
  ];
  expect(stepsOf({ state: 'CUTTING', stages }).slice(1, 3)).toEqual([
    { name: 'Search', state: 'done', seconds: 8, attempts: 2 },
    { name: 'Cut', state: 'active', seconds: 10, attempts: 2 },
  ]);
});

it('says where a run failed', () => {
  const steps = stepsOf({ state: 'FAILED', stages: [attempt('SEARCHING', 'FAILED', 1)] });
  expect(steps.map(({ state }) => state).slice(0, 3)).toEqual(['skipped', 'failed', 'skipped']);
});

it('has a unit for what is counted', () => {
  expect([unitOf('EVALUATING'), unitOf('CUTTING'), unitOf('QUEUED')]).toEqual(['img', '', '']);
});

it('keeps no failure of a run that went on behind it', () => {
  const failed = [attempt('SAMPLING', 'FAILED', 5)];
  const first = (
    state: 'FAILED' | 'QUEUED' | 'SEARCHING' | 'FINISHED' | 'CANCELLED',
    stages: typeof failed,
  ) => stepsOf({ state, stages })[0]?.state;
  expect(first('FAILED', failed)).toBe('failed');
  expect(first('CANCELLED', [attempt('SAMPLING', 'CANCELLED', 5)])).toBe('cancelled');
  const again = [...failed, attempt('QUEUED', 'RUNNING', 1)];
  expect(first('QUEUED', again)).toBe('waiting');
  // The sampling was done meanwhile.
  const on = [...failed, attempt('QUEUED', 'DONE', 1), attempt('SEARCHING', 'RUNNING', 1)];
  expect(first('SEARCHING', on)).toBe('done');
  expect(first('FINISHED', [...on, attempt('CUTTING', 'DONE', 1)])).toBe('done');
  const interrupted = [attempt('SAMPLING', 'INTERRUPTED', 5), attempt('SEARCHING', 'DONE', 1)];
  expect(first('FINISHED', interrupted)).toBe('done');
});
