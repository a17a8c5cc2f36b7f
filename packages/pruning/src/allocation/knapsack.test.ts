import { seededRandom } from '@espalier/datasets';
import { expect, it } from 'vitest';
import { knapsack, type Option } from './knapsack.ts';

/** Options whose damage ascends with what they save, some of them beaten by others. */
function drawn(seed: number): Option[][] {
  const random = seededRandom(seed);
  return Array.from({ length: 2 + Math.floor(random() * 4) }, () => {
    const unit = 1 + Math.floor(random() * 30);
    const power = 0.3 + 3 * random();
    let highest = 0;
    return Array.from({ length: 2 + Math.floor(random() * 8) }, (_, i) => {
      if (i > 0) highest = Math.max(highest, (i / 10) ** power * (0.5 + random()));
      return { saved: unit * Math.floor(i * (0.7 + 0.3 * random())), damage: highest };
    });
  });
}

function byBruteForce(groups: readonly (readonly Option[])[], needed: number): number {
  const [first, ...others] = groups;
  if (!first) return needed <= 0 ? 0 : Number.POSITIVE_INFINITY;
  return Math.min(...first.map(({ saved, damage }) => damage + byBruteForce(others, needed - saved)));
}

it('finds the least damage that saves enough, whatever is known before', () => {
  for (let seed = 0; seed < 300; seed++) {
    const groups = drawn(seed);
    const most = groups.reduce((sum, options) => sum + Math.max(...options.map(({ saved }) => saved)), 0);
    const needed = most * ((seed % 10) / 10 + 0.05);
    const least = byBruteForce(groups, needed);
    for (const known of [Number.POSITIVE_INFINITY, 2 * least + 1, least * (1 + 1e-9) + 1e-12]) {
      const chosen = knapsack(groups, needed, known) ?? [];
      const options = groups.map((each, g) => each[chosen[g] ?? -1]);
      expect(options.reduce((sum, option) => sum + (option?.damage ?? Number.NaN), 0)).toBeCloseTo(least, 12);
      expect(options.reduce((sum, option) => sum + (option?.saved ?? 0), 0)).toBeGreaterThanOrEqual(needed);
    }
    expect(knapsack(groups, needed, least * (1 - 1e-12))).toBeUndefined();
    expect(knapsack(groups, most + 1, Number.POSITIVE_INFINITY)).toBeUndefined();
  }
});

it('gives up where too many choices would have to be kept', () => {
  const groups = drawn(3);
  expect(knapsack(groups, 20, Number.POSITIVE_INFINITY)).toBeDefined();
  expect(knapsack(groups, 20, Number.POSITIVE_INFINITY, 3)).toBeUndefined();
});
