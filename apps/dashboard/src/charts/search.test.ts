import { expect, it } from 'vitest';
import { foundThreshold, searchPlot } from './search.ts';

it('draws a point a step, and a line at what was asked for', () => {
  const steps = [
    { threshold: 0.5, saving: 0.8, kind: 'BISECT' as const },
    { threshold: 0.25, saving: 0.4, kind: 'BISECT' as const },
  ];
  const { series, marks, y } = searchPlot(steps, 0.5);
  expect(series[0]?.points).toMatchObject([
    { x: 1, y: 0.8 },
    { x: 2, y: 0.4 },
  ]);
  expect(marks).toMatchObject([{ y: 0.5 }]);
  expect([y.from, y.to]).toEqual([0, 1]);
});

it('finds the threshold that the structure was made at', () => {
  const bisect = (threshold: number, saving: number) => ({ threshold, saving, kind: 'BISECT' as const });
  expect(foundThreshold([bisect(0.5, 0.8), bisect(0.25, 0.4)], 0.5)).toBe(0.5);
  expect(foundThreshold([bisect(0.5, 0.8), { threshold: 0.5, saving: 0.6, kind: 'GIVE_BACK' }], 0.5)).toBe(
    0.5,
  );
  expect(foundThreshold([bisect(0.25, 0.4)], 0.5)).toBe(null);
  expect(foundThreshold([], 0.5)).toBe(null);
});
