import { expect, it } from 'vitest';
import { stagesOf } from './stages.ts';

const event = (second: number, kind: string, data: object = {}) => ({
  kind,
  data: data as never,
  createdAt: new Date(1000 * second),
});

it('a run that lost a worker and was given back once shows every attempt', () => {
  const stages = stagesOf([
    event(0, 'created', { state: 'sampling' }),
    event(5, 'sampled'),
    event(6, 'claimed'),
    event(7, 'state', { state: 'searching' }),
    event(9, 'claimed'),
    event(10, 'state', { state: 'searching' }),
    event(11, 'state', { state: 'recalibrating' }),
    event(12, 'state', { state: 'queued', reason: 'the worker stopped' }),
    event(20, 'claimed'),
    event(21, 'state', { state: 'searching' }),
    event(22, 'state', { state: 'finished' }),
  ]);
  const seconds = (date: Date | null) => (date === null ? null : date.getTime() / 1000);
  expect(
    stages.map(({ name, state, startedAt, finishedAt }) => [
      ...[name, state, seconds(startedAt), seconds(finishedAt)],
    ]),
  ).toEqual([
    ['sampling', 'done', 0, 5],
    ['queued', 'done', 5, 6],
    ['searching', 'interrupted', 7, 9],
    ['searching', 'done', 10, 11],
    ['recalibrating', 'interrupted', 11, 12],
    ['queued', 'done', 12, 20],
    ['searching', 'done', 21, 22],
  ]);
});

it('the stage at work is open, and one that ended badly says how', () => {
  expect(
    stagesOf([event(0, 'created'), event(1, 'claimed'), event(2, 'state', { state: 'searching' })]),
  ).toEqual([
    expect.objectContaining({ name: 'queued', state: 'done' }),
    { name: 'searching', state: 'running', startedAt: new Date(2000), finishedAt: null },
  ]);
  const retried = stagesOf([
    event(0, 'created', { state: 'queued' }),
    event(1, 'state', { state: 'cancelled' }),
    event(2, 'state', { state: 'queued', reason: 'retried' }),
  ]);
  expect(retried.map(({ name, state }) => [name, state])).toEqual([
    ['queued', 'cancelled'],
    ['queued', 'running'],
  ]);
});
