import { expect, it } from 'vitest';
import { metricNamed, TOP1 } from '#src/format/quality.ts';
import { unprunedWords } from './unpruned.ts';

const sampled = { baselineValue: 0.9, samples: 1000 };

it('is that of the test split, until then that of a sampling, and else what it waits for', () => {
  expect(unprunedWords(TOP1, { top1: 0.9162 }, [sampled])).toBe('91.62 %');
  expect(unprunedWords(TOP1, null, [null, { baselineValue: null, samples: 1000 }, sampled])).toBe(
    '90.00 % on 1,000 search images so far',
  );
  expect(unprunedWords(TOP1, null, [null])).toBe('measured by the first run');
});

it('needs no measurement where networks are compared with it', () => {
  expect(unprunedWords(metricNamed('FIDELITY'), null, [])).toBe('0.0000, by definition');
});
