import { expect, it } from 'vitest';
import { comparedResult as result } from '../test/compared-result.ts';
import { badges } from './badges.ts';
import type { ComparedResult } from './comparability.ts';

it('badges say what a careful comparison has, and what it lacks', () => {
  const earned = (results: ComparedResult[]) => badges(results).map((badge) => badge.earned);
  expect(earned([])).toEqual([false, false, false]);
  const allocations = ['cie', 'uniform', 'global', 'random'];
  const results = allocations.flatMap((allocation) =>
    [0.3, 0.4, 0.5, 0.6, 0.7].flatMap((share) =>
      [0, 1, 2].map((seed) => result({ allocation, share, seed })),
    ),
  );
  expect(badges(results)[2]).toEqual({
    ...{ name: 'baselines', earned: false },
    text: 'not run: the same structure with random filters, the same structure trained from scratch',
  });
  const cut = result({ structure: 'widths' });
  const controls = [{ criterion: 'random' }, { fromScratch: true }].map((edits) =>
    [0, 1, 2].map((seed) => result({ structure: 'widths', seed, ...edits })),
  );
  results.push(cut, ...controls.flat());
  expect(earned(results)).toEqual([true, true, true]);
  expect(earned(results.filter(({ seed, share }) => seed < 2 || share > 0.3))).toEqual([true, false, true]);
  expect(earned(results.filter(({ share }) => share > 0.3))).toEqual([false, true, true]);
  expect(badges(results.filter(({ allocation }) => allocation !== 'global'))[2]?.text).toBe(
    'not run: global',
  );
  // A repetition is no further seed.
  expect(earned([...results, ...results].filter(({ seed }) => seed < 2))[1]).toBe(false);
  // Random filters in another structure are no control of this one.
  const others = results.map((each) =>
    each.criterion === 'random' ? { ...each, structure: 'other' } : each,
  );
  expect(badges(others)[2]?.text).toBe('not run: the same structure with random filters');
});
