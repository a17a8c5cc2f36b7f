import { expect, it } from 'vitest';
import { LIGHT } from './palette.ts';
import { searchOption } from './search.ts';

it('draws a point a step, and a line at what was asked for', () => {
  const steps = [
    { threshold: 0.5, saving: 0.8, kind: 'bisect' },
    { threshold: 0.25, saving: 0.4, kind: 'bisect' },
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
