import { expect, it } from 'vitest';
import { parseRecipe } from './recipe.ts';
import { learningRate } from './schedule.ts';

const STEPS = 100;

function rates(recipe: object): number[] {
  const parsed = parseRecipe({ learningRate: 1, warmup: 0, ...recipe });
  return Array.from({ length: STEPS }, (_, step) => learningRate(parsed, step, STEPS));
}

it('constant stays', () => {
  expect(new Set(rates({ schedule: { kind: 'constant' } }))).toEqual(new Set([1]));
});

it('step falls at its shares', () => {
  const all = rates({ schedule: { kind: 'step', at: [0.5, 0.75], factor: 0.1 } });
  expect([all[0], all[49], all[50], all[74], all[75], all[99]].map((rate) => rate?.toFixed(6))).toEqual(
    [1, 1, 0.1, 0.1, 0.01, 0.01].map((rate) => rate.toFixed(6)),
  );
});

it('cosine falls from the rate to its end', () => {
  const all = rates({ schedule: { kind: 'cosine', final: 0.1 } });
  expect(all[0]).toBe(1);
  expect(all[50]).toBeCloseTo(0.55, 10);
  expect(all[99]).toBeGreaterThan(0.1);
  expect(all[99]).toBeLessThan(0.101);
  expect(all.every((rate, i) => i === 0 || rate < (all[i - 1] ?? 0))).toBe(true);
});

it('one-cycle rises to the rate at its peak and falls to almost nothing', () => {
  const all = rates({ schedule: { kind: 'one-cycle', peak: 0.3, initial: 0.04, final: 0.0004 } });
  expect(all[0]).toBeCloseTo(0.04, 10);
  expect(Math.max(...all)).toBe(1);
  expect(all.indexOf(1)).toBe(30);
  expect(all[99]).toBeLessThan(0.002);
});

it('warm-up rises in equal steps before the schedule begins', () => {
  const all = rates({ warmup: 0.1, schedule: { kind: 'constant' } });
  expect(all.slice(0, 3).map((rate) => rate.toFixed(4))).toEqual(['0.0909', '0.1818', '0.2727']);
  expect(all[10]).toBe(1);
});
