import { seededRandom } from '@espalier/datasets';
import { describe, expect, it } from 'vitest';
import { isQuiet, speedup } from './speedup.ts';

const runs = (n: number, value: (i: number) => number) => ({
  runs: Array.from({ length: n }, (_, i) => value(i)),
});

describe('speedup', () => {
  it("is the other one's median over the own one, with no doubt where nothing varies", () => {
    expect(
      speedup(
        runs(50, () => 2),
        runs(50, () => 3),
      ),
    ).toEqual({ ratio: 1.5, low: 1.5, high: 1.5 });
  });

  it('is the same every time, and the other way round its inverse', () => {
    const random = seededRandom(1);
    const [a, b] = [runs(200, () => 1 + random()), runs(200, () => 2 + random())];
    const there = speedup(a, b);
    expect(speedup(a, b)).toEqual(there);
    const back = speedup(b, a);
    expect(back.ratio).toBeCloseTo(1 / there.ratio, 12);
    expect(back.low).toBeCloseTo(1 / there.high, 6);
    expect(back.high).toBeCloseTo(1 / there.low, 6);
  });

  it('holds the true ratio in about 95 of 100 intervals, even where the noise lasts for some rounds', () => {
    const random = seededRandom(7);
    let held = 0;
    const noisy = (ms: number) => {
      let state = 0;
      return runs(100, () => {
        state = 0.6 * state + random() - 0.5;
        return ms + state;
      });
    };
    for (let trial = 0; trial < 100; trial++) {
      const { low, high } = speedup(noisy(4), noisy(6));
      if (low <= 1.5 && 1.5 <= high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(87);
  });

  it('does not mind what slows both down in the same rounds', () => {
    const disturbed = (ms: number) => runs(100, (i) => ms * (i >= 30 && i < 60 ? 3 : 1));
    expect(speedup(disturbed(2), disturbed(4))).toEqual({ ratio: 2, low: 2, high: 2 });
  });

  it('compares runs of the same rounds only', () => {
    expect(() =>
      speedup(
        runs(3, () => 1),
        runs(4, () => 1),
      ),
    ).toThrow('same rounds');
  });
});

describe('isQuiet', () => {
  it.each([
    [1, true],
    [1.019, true],
    [0.981, true],
    [1.03, false],
    [0.97, false],
  ])('takes one network for itself within 2 %%: %f', (ratio, quiet) => {
    expect(isQuiet({ ratio, low: 0.5, high: 2 })).toBe(quiet);
  });
});
