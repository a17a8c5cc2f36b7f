import { expect, it } from 'vitest';
import { failuresOf } from './failures.ts';

const run = (id: string, error: string | null, state = 'FAILED', origin = 'ESPALIER') => ({
  ...{ id, error, state, origin },
});

it('tells each reason once, and which runs can be tried again', () => {
  const runs = [
    run('a', 'no memory'),
    run('b', 'wrong images'),
    run('c', 'wrong images'),
    run('d', 'wrong images', 'FAILED', 'EXTERNAL'),
    run('e', null, 'FINISHED'),
    run('f', null),
  ];
  expect(failuresOf(runs)).toEqual([
    { reason: 'wrong images', runs: ['b', 'c', 'd'], again: ['b', 'c'] },
    { reason: 'no memory', runs: ['a'], again: ['a'] },
    { reason: 'No reason was told.', runs: ['f'], again: ['f'] },
  ]);
});
