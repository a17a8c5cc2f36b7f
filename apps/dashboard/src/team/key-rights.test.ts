import { expect, it } from 'vitest';
import { lastsUntil, rightsWords, scopesFor } from './key-rights.ts';

it('a key is offered what its owner may', () => {
  const offered = (role: 'VIEWER' | 'EDITOR' | 'ADMIN') => scopesFor(role).map(({ id }) => id);
  expect([offered('VIEWER'), offered('EDITOR'), offered('ADMIN')]).toEqual([
    [],
    ['RUN', 'PRODUCE', 'PRODUCER'],
    ['RUN', 'PRODUCE', 'PRODUCER', 'ADMINISTER'],
  ]);
});

it('says what a key may, and how long', () => {
  expect(rightsWords(['READ', 'RUN'], null)).toBe('read, run');
  expect(rightsWords(['READ'], 1)).toBe('read in 1 project');
  expect(rightsWords([], 2)).toBe('nothing in 2 projects');
  expect(rightsWords(['READ'], 0)).toBe('read in 0 projects');
  expect(lastsUntil('30', Date.UTC(2026, 0, 1))).toBe('2026-01-31T00:00:00.000Z');
  expect(lastsUntil('')).toBe(null);
});
