import { expect, it } from 'vitest';
import { stagesOf } from './stages.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const moved = (state: string, second: number) => ({ kind: 'state', data: { state }, createdAt: at(second) });

it('tells how long each stage took, and which did not apply', () => {
  const events = [
    { kind: 'created', data: {}, createdAt: at(0) },
    { kind: 'sampled', data: {}, createdAt: at(41) },
    moved('searching', 42),
    moved('pruning', 43),
    moved('evaluating', 44),
    moved('measuring', 47),
    moved('exporting', 48),
    moved('finished', 49),
  ];
  expect(
    stagesOf('finished', events, true).map(({ name, state, seconds }) => [name, state, seconds]),
  ).toEqual([
    ['Sampling', 'done', 41],
    ['Search', 'done', 1],
    ['Prune', 'done', 1],
    ['Fine-tune', 'skipped', null],
    ['Evaluate', 'done', 3],
    ['Measure', 'done', 1],
    ['Export', 'done', 1],
  ]);
});

it('knows the stage at work, and those that wait', () => {
  const events = [
    { kind: 'created', data: {}, createdAt: at(0) },
    moved('searching', 1),
    moved('pruning', 2),
  ];
  expect(stagesOf('pruning', events, false).map(({ state }) => state)).toEqual([
    'waiting',
    'done',
    'active',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ]);
});

it('says where a run failed', () => {
  const events = [{ kind: 'created', data: {}, createdAt: at(0) }, moved('searching', 1), moved('failed', 2)];
  expect(
    stagesOf('failed', events, false)
      .map(({ state }) => state)
      .slice(0, 3),
  ).toEqual(['skipped', 'failed', 'skipped']);
});
