import { expect, it } from 'vitest';
import { heldOutPlot, stairsPlot } from './latency.ts';

it('time over width is a line of stairs', () => {
  const stairs = [
    { share: 0.5, milliseconds: 2 },
    { share: 1, milliseconds: 4 },
  ];
  const { series } = stairsPlot(stairs, 4);
  expect(series[0]).toMatchObject({
    step: 'start',
    points: [
      { x: 0.5, y: 2 },
      { x: 1, y: 4 },
    ],
  });
});

it('structures that are predicted right lie on the diagonal, and lines end at the frame', () => {
  const heldOut = [
    { predictedMs: 2, measuredMs: 2 },
    { predictedMs: 10, measuredMs: 8 },
  ];
  const { series, x } = heldOutPlot(heldOut);
  const byName = new Map(series.map((each) => [each.name, each.points]));
  expect(byName.get('structures')).toMatchObject([
    { x: 2, y: 2 },
    { x: 8, y: 10 },
  ]);
  expect(x.to).toBeCloseTo(10.8);
  for (const name of ['right', '5 % slower', '5 % faster']) {
    const [, end] = byName.get(name) ?? [];
    expect(Math.max(end?.x ?? 0, end?.y ?? 0)).toBeCloseTo(10.8);
  }
});
