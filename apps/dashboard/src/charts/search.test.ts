import { expect, it } from 'vitest';
import { LIGHT } from './palette.ts';
import { foundThreshold, searchOption } from './search.ts';

it('draws a point a step, and a line at what was asked for', () => {
  const steps = [
    { threshold: 0.5, saving: 0.8, kind: 'BISECT' as const },
    { threshold: 0.25, saving: 0.4, kind: 'BISECT' as const },
  ];
  expect(searchOption(steps, 0.5, LIGHT)).toMatchObject({
    series: [
      {
        data: [
          [1, 0.8],
          [2, 0.4],
        ],
        markLine: { data: [{ yAxis: 0.5 }] },
      },
    ],
  });
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
