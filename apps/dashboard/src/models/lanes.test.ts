import { expect, it } from 'vitest';
import { laneRows } from './lanes.ts';

const lanes = (...from: number[][]) => laneRows(from.map((each) => ({ from: each })));

it('keeps a chain in one lane', () => {
  expect(lanes([], [0], [1])).toEqual([
    { lane: 0, from: [], past: [], goesOn: true },
    { lane: 0, from: [0], past: [], goesOn: true },
    { lane: 0, from: [0], past: [], goesOn: false },
  ]);
});

it('draws a residual block as a branch beside the trunk', () => {
  // stem, two convolutions, their sum with the stem, the head
  expect(lanes([], [0], [1], [0, 2], [3])).toEqual([
    { lane: 0, from: [], past: [], goesOn: true },
    { lane: 1, from: [0], past: [0], goesOn: true },
    { lane: 1, from: [1], past: [0], goesOn: true },
    { lane: 0, from: [0, 1], past: [], goesOn: true },
    { lane: 0, from: [0], past: [], goesOn: false },
  ]);
});

it('uses lanes again, and never puts two values into one', () => {
  // a dense block: every layer is read by all that follow
  const rows = lanes([], [0], [0, 1], [0, 1, 2], [3]);
  expect(rows.map(({ lane }) => lane)).toEqual([0, 1, 2, 0, 0]);
  for (const { lane, past } of rows) expect(past).not.toContain(lane);
});
