import { expect, it } from 'vitest';
import { markText, markWord } from './mark.ts';

it('marks what is imported in words, as a column or the schema calls it', () => {
  expect([markWord('STRUCTURE_VERIFIED'), markWord('structureVerified'), markWord('ESPALIER')]).toEqual([
    ...['structure verified', 'structure verified', ''],
  ]);
  expect(markText({ origin: 'external', evidence: 'recomputed' })).toBe('imported, recomputed');
  expect(markText({ origin: 'espalier', evidence: null })).toBe('');
});
