import { expect, it } from 'vitest';
import { againstBaseline } from './against-baseline.ts';
import type { RunPair } from './analysis-query.ts';

const pair = (a: string, b: string, edits: Partial<RunPair> = {}): RunPair => ({
  ...{
    a: { id: a },
    b: { id: b },
    verdict: 'COMPARABLE',
    reasons: [],
    apart: null,
    similarity: { widths: 0.9, units: null },
  },
  test: { b: 10, c: 4, difference: 0.06, standardError: 0.02, p: 0.18 },
  ...edits,
});

it('turns every pair so that the baseline is what is measured against', () => {
  const rows = againstBaseline([pair('one', 'base'), pair('base', 'two'), pair('one', 'two')], 'base');
  expect(rows).toMatchObject([
    { runId: 'one', test: { difference: 0.06, gained: 10, lost: 4, p: 0.18 }, similarity: { widths: 0.9 } },
    { runId: 'two', test: { difference: -0.06, gained: 4, lost: 10, p: 0.18 } },
  ]);
});

it('says why two runs may not be compared, and nothing of mere reservations', () => {
  const reasons = [{ rule: 'RECIPE' as const, text: 'they were fine-tuned with different recipes' }];
  const rows = againstBaseline(
    [
      pair('base', 'one', { verdict: 'NOT_COMPARABLE', reasons, test: null, similarity: null }),
      pair('base', 'two', { verdict: 'RESERVATIONS', reasons }),
    ],
    'base',
  );
  expect(rows.map(({ test, refused }) => [test === null, refused])).toEqual([
    [true, ['they were fine-tuned with different recipes']],
    [false, []],
  ]);
});
