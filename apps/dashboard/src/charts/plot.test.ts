import { expect, it } from 'vitest';
import { type Axis, scaleOf, scalesOf } from './plot.ts';

const AXIS: Axis = { name: 'x', format: String };

it('an axis has round ends around its values', () => {
  expect(scaleOf(AXIS, [0.13, 0.87], 5)).toEqual({ low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });
  expect(scaleOf(AXIS, [3, Number.NaN], 5).low).toBeLessThan(3);
  expect(scaleOf(AXIS, [], 5)).toMatchObject({ low: 0, high: 1 });
});

it('a share goes no further than all of it, also where there is one value alone', () => {
  const share = { ...AXIS, least: 0, most: 1 };
  expect(scaleOf(share, [0.97], 5)).toMatchObject({ high: 1 });
  expect(scaleOf(share, [1], 5)).toMatchObject({ high: 1 });
  expect(scaleOf(share, [0], 5)).toMatchObject({ low: 0 });
  // What cannot be is drawn all the same: nothing is hidden.
  expect(scaleOf(share, [0.5, 1.3], 5).high).toBeGreaterThanOrEqual(1.3);
});

it('ends that are given are kept, and whole numbers stay whole', () => {
  expect(scaleOf({ ...AXIS, from: 0, to: 10.8 }, [3], 5)).toMatchObject({ low: 0, high: 10.8 });
  expect(scaleOf({ ...AXIS, from: 1, whole: true }, [1, 3], 9).ticks).toEqual([1, 2, 3]);
});

it('marks and error bars lie inside, and each series goes by its own axis', () => {
  const scales = scalesOf(
    {
      ...{ x: AXIS, y: AXIS, right: AXIS },
      series: [],
      marks: [{ words: 'allowed', y: 7 }],
    },
    [
      { name: 'a', colour: 'red', size: 0, points: [{ x: 1, y: 2 }], bars: [{ x: 1, low: -3, high: 4 }] },
      { name: 'b', colour: 'red', size: 0, right: true, points: [{ x: 5, y: 900 }] },
    ],
    { across: 5, up: 5 },
  );
  expect(scales.y.low).toBeLessThanOrEqual(-3);
  expect(scales.y.high).toBeGreaterThanOrEqual(7);
  expect(scales.y.high).toBeLessThan(100);
  expect(scales.right?.high).toBeGreaterThan(900);
  expect(scales.x.high).toBeGreaterThanOrEqual(5);
});
