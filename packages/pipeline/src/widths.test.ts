import { expect, it } from 'vitest';
import { parsePlan } from './plan.ts';
import { withWidths } from './widths.ts';

const GROUPS = [
  { id: 'conv1', width: 16 },
  { id: 'conv2', width: 32 },
  { id: 'head', width: 3 },
];
const plan = (limits: object, allocation = 'cie') =>
  parsePlan({ model: { file: '-' }, allocation, target: { metric: 'macs', share: 0.5 }, limits }).limits;

it('puts down what auto stands for, which is what plans say by themselves', () => {
  const put = withWidths(plan({}), GROUPS);
  expect(put).toEqual({
    ...{ align: 'auto', minWidth: 1, maxRatio: 0.9, keep: [] },
    widths: [
      { group: 'conv1', widths: [16, 12, 8, 4] },
      { group: 'conv2', widths: [32, 24, 16, 8] },
      { group: 'head', widths: [3] },
    ],
  });
  // As a row keeps it and a plan reads it again.
  expect(withWidths(plan(JSON.parse(JSON.stringify(put))), GROUPS)).toEqual(put);
});

it('keeps what was put down before, whatever the rule has become, for the groups that there are', () => {
  const widths = [
    { group: 'conv1', widths: [16, 5] },
    { group: 'gone', widths: [8, 4] },
  ];
  const kept = withWidths(plan({ widths }), GROUPS.slice(0, 2)).widths;
  expect(kept).toEqual([widths[0], { group: 'conv2', widths: [32, 24, 16, 8] }]);
});

it('puts nothing down where another alignment says which widths there are', () => {
  const widths = [{ group: 'conv1', widths: [16, 5] }];
  expect(withWidths(plan({ align: 1, widths }), GROUPS)).toEqual(plan({ align: 1 }));
});

it('uses given shares unchanged, unless they are scaled to a target', () => {
  const by = (target: { metric: 'macs'; share: number } | null, limits = {}) =>
    parsePlan({ model: { file: '-' }, allocation: 'manual(conv1=0.3)', target, limits }).limits.align;
  expect(by(null)).toBe(1);
  expect(by(null, { align: 8 })).toBe(8);
  expect(by({ metric: 'macs', share: 0.5 })).toBe('auto');
});

it('takes the ladders of a device for what auto stands for, and what was put down before them', () => {
  const ladders = [
    { group: 'conv1', widths: [16, 8] },
    { group: 'conv2', widths: [32, 16] },
  ];
  const put = withWidths(plan({ widths: [{ group: 'conv2', widths: [32, 24] }] }), GROUPS, ladders);
  expect(put.widths).toEqual([
    ladders[0],
    { group: 'conv2', widths: [32, 24] },
    { group: 'head', widths: [3] },
  ]);
});
