import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, type CurvePoint, commonSavings } from './area.ts';

const curve = (...points: [saving: number, value: number][]): CurvePoint[] =>
  points.map(([saving, value]) => ({ saving, value }));

describe('areaUnderCurve', () => {
  it('adds trapezoids, in whatever order the points come', () => {
    // By hand: 0.5 x (0.9 + 0.8) / 2 + 0.25 x (0.8 + 0.4) / 2.
    expect(areaUnderCurve(curve([0.75, 0.4], [0, 0.9], [0.5, 0.8]))).toBeCloseTo(0.575, 12);
  });

  it('cuts the first and the last trapezoid where the range does', () => {
    // From (0.25, 0.85) over (0.5, 0.8) to (0.625, 0.6): 0.25 x 0.825 + 0.125 x 0.7.
    const points = curve([0, 0.9], [0.5, 0.8], [0.75, 0.4]);
    expect(areaUnderCurve(points, [0.25, 0.625])).toBeCloseTo(0.29375, 12);
    expect(areaUnderCurve(points, [0.1, 0.3])).toBeCloseTo(0.2 * 0.86, 12);
  });

  it('takes the mean of seeds at one saving', () => {
    expect(areaUnderCurve(curve([0, 1], [0.5, 0.6], [0.5, 0.4]))).toBeCloseTo(0.375, 12);
  });

  it('knows nothing below two savings, nor beyond the curve', () => {
    expect(areaUnderCurve([])).toBeNull();
    expect(areaUnderCurve(curve([0.5, 0.8]))).toBeNull();
    expect(areaUnderCurve(curve([0.5, 0.8], [0.5, 0.7]))).toBeNull();
    expect(areaUnderCurve(curve([0, 0.9], [0.5, 0.8]), [0, 0.6])).toBeNull();
    expect(areaUnderCurve(curve([0.1, 0.9], [0.5, 0.8]), [0, 0.5])).toBeNull();
  });

  it('is the sum of the areas left and right of any saving', () => {
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }),
        number,
        (inner, cut) => {
          const points = curve([0, 0.9], ...inner, [1, 0.1]);
          const whole = areaUnderCurve(points, [0, 1]) ?? Number.NaN;
          const parts = (areaUnderCurve(points, [0, cut]) ?? 0) + (areaUnderCurve(points, [cut, 1]) ?? 0);
          expect(parts).toBeCloseTo(whole, 9);
        },
      ),
    );
  });
});

describe('commonSavings', () => {
  it('is where all curves are', () => {
    expect(commonSavings([curve([0, 1], [0.7, 0]), curve([0.1, 1], [0.5, 0], [0.3, 0])])).toEqual([0.1, 0.5]);
  });

  it('is nothing for curves side by side, a curve without points, and no curves', () => {
    expect(commonSavings([curve([0, 1], [0.3, 0]), curve([0.3, 1], [0.5, 0])])).toBeNull();
    expect(commonSavings([curve([0, 1], [0.3, 0]), []])).toBeNull();
    expect(commonSavings([])).toBeNull();
  });
});
