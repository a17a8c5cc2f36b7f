import { expect, it } from 'vitest';
import { markedName, markOf, markTitle, markWords } from './origin.ts';

const told = { origin: 'EXTERNAL', source: { tool: 'pytorch' }, result: { evidence: 'RECOMPUTED' } } as const;

it('marks what is imported, and nothing else', () => {
  expect(markWords(markOf(told))).toBe('imported · recomputed');
  expect(markWords({ origin: 'EXTERNAL', evidence: 'STRUCTURE_VERIFIED' })).toBe(
    'imported · structure verified',
  );
  expect(markWords({ origin: 'EXTERNAL', evidence: null })).toBe('imported');
  expect(markWords(markOf({ origin: 'ESPALIER', source: null, result: { evidence: null } }))).toBeNull();
});

it('says who computed it, and what stands behind it', () => {
  expect(markTitle(markOf(told))).toBe(
    'Imported (computed by pytorch): a worker evaluated the network again',
  );
  expect(markTitle(markOf({ ...told, result: null }))).toBe('Imported (computed by pytorch)');
  expect(markTitle({ origin: 'EXTERNAL', tool: null, evidence: null })).toBe('Imported');
});

it('stands behind a name where there is room for text alone', () => {
  expect(markedName('cie', { origin: 'EXTERNAL', evidence: 'REPORTED' })).toBe('cie (imported · reported)');
  expect(markedName('cie', { origin: 'ESPALIER', evidence: null })).toBe('cie');
});
