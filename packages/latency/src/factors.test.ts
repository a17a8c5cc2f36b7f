import { seededRandom } from '@espalier/datasets';
import { expect, it } from 'vitest';
import { factorAt, fitFactors } from './factors.ts';

const widths = [8, 16, 24, 32, 40];
const pairs = widths.flatMap((inputs) => widths.map((outputs) => ({ inputs, outputs })));

it('finds widths that take longer than the formula says, and lets one measurement count for little', () => {
  const random = seededRandom(1);
  const slow = (outputs: number) => (outputs === 24 ? 1.3 : 1);
  const times = pairs.map((pair) => ({
    ...pair,
    milliseconds: slow(pair.outputs) * (0.99 + 0.02 * random()),
  }));
  const found = fitFactors(
    times,
    times.map(() => 1),
  );
  // Five were measured, and two stand against them.
  expect(factorAt(found.outputs, 24)).toBeCloseTo(1.3 ** (5 / 7), 1);
  for (const width of [8, 16, 32, 40]) expect(factorAt(found.outputs, width)).toBeCloseTo(1, 1);
  const once = fitFactors(
    [...times, { inputs: 48, outputs: 8, milliseconds: 2 }],
    [...times.map(() => 1), 1],
  );
  expect(factorAt(once.inputs, 48)).toBeCloseTo(2 ** (1 / 3), 1);
  // Ten times as long as said is a disturbance.
  const disturbed = fitFactors(
    [...times, { inputs: 48, outputs: 8, milliseconds: 10 }],
    [...times.map(() => 1), 1],
  );
  expect(factorAt(disturbed.inputs, 48)).toBeCloseTo(factorAt(once.inputs, 48), 6);
});

it('takes a width that was not measured as the next wider one', () => {
  const factors = [
    [8, 0.9],
    [16, 1.2],
  ] as const;
  expect([1, 8, 8 + 1e-9, 9, 16, 17].map((channels) => factorAt(factors, channels))).toEqual([
    0.9, 0.9, 0.9, 1.2, 1.2, 1.2,
  ]);
  expect(factorAt(undefined, 8)).toBe(1);
});

it('leaves a layer of one width to its formula', () => {
  const times = widths.map((outputs) => ({ inputs: 3, outputs, milliseconds: 1 }));
  expect(fitFactors(times, [1, 1, 1, 1, 1]).inputs).toEqual([]);
});
