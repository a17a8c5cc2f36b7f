import { expect, it } from 'vitest';
import { heldOutOption, stairsOption } from './latency.ts';
import { LIGHT } from './palette.ts';

interface Series {
  readonly name: string;
  readonly data: readonly (readonly number[])[];
}

it('time over width is a line of stairs', () => {
  const stairs = [
    { share: 0.5, milliseconds: 2 },
    { share: 1, milliseconds: 4 },
  ];
  const { series } = stairsOption(stairs, 4, LIGHT) as { series: (Series & { step: string })[] };
  expect(series[0]).toMatchObject({
    step: 'start',
    data: [
      [0.5, 2],
      [1, 4],
    ],
  });
});

it('structures that are predicted right lie on the diagonal, and lines end at the frame', () => {
  const heldOut = [
    { predictedMs: 2, measuredMs: 2 },
    { predictedMs: 10, measuredMs: 8 },
  ];
  const { series, xAxis } = heldOutOption(heldOut, LIGHT) as { series: Series[]; xAxis: { max: number } };
  const byName = new Map(series.map((each) => [each.name, each.data]));
  expect(byName.get('structures')).toEqual([
    [2, 2],
    [8, 10],
  ]);
  expect(xAxis.max).toBeCloseTo(10.8);
  for (const name of ['right', '5 % slower', '5 % faster']) {
    const [, end] = byName.get(name) ?? [];
    expect(Math.max(...(end ?? []))).toBeCloseTo(10.8);
  }
});
