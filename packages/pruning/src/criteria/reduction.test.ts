import { InputError } from '@espalier/errors';
import { channelMap, prunableGroups } from '@espalier/network';
import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { findCriterion, rank } from './index.ts';
import { reduce } from './reduction.ts';

/**
 * A residual stream of three units with two producers, whose filters are (3, 4), (0, -1), (3, 0) and (1, 0), (5, 12),
 * (0, 0), each with a BatchNorm after it.
 */
function residual() {
  const b = new NetworkBuilder('residual');
  b.constant([3, 2, 1, 1], [3, 4, 0, -1, 3, 0], 'stem.weight');
  b.constant([3, 3, 1, 1], [1, 0, 0, 5, 12, 0, 0, 0, 0], 'branch.weight');
  const conv = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };
  const norm = (x: string, name: string, scale: readonly number[]) => {
    const others = ['shift', 'mean', 'variance'].map((part) =>
      b.constant([3], part === 'variance' ? [1, 1, 1] : [0, 0, 0], `${name}.${part}`),
    );
    const scales = b.constant([3], scale, `${name}.scale`);
    return b.op('BatchNormalization', [x, scales, ...others], { epsilon: 1e-5 }, name);
  };
  const stem = b.op('Conv', [b.input([2, 4, 4]), 'stem.weight'], conv, 'stem');
  const stream = norm(stem, 'one', [0.5, -2, 1]);
  const branch = norm(b.op('Conv', [stream, 'branch.weight'], conv, 'branch'), 'two', [-3, 0.25, 1]);
  const network = b.build(b.head(b.relu(b.add(stream, branch)), 2));
  const map = channelMap(network);
  const [group] = prunableGroups(map);
  if (!group) throw new Error('the stream is prunable');
  expect(group.producers).toEqual(['stem', 'branch']);
  return (name: string) => rank(findCriterion(name), group, { network, map, seed: 0 });
}

// Distances between the filters of one producer.
const [d01, d02, d12] = [Math.hypot(3, 5), 4, Math.hypot(3, 1)];
const [e01, e02, e12] = [Math.hypot(4, 12), 1, 13];

// By member: the stem's scores and the branch's.
test.each<[string, number[], number[]]>([
  ['l1', [7, 1, 3], [1, 17, 0]],
  ['l2', [5, 1, 3], [1, 13, 0]],
  ['fpgm', [d01 + d02, d01 + d12, d02 + d12], [e01 + e02, e01 + e12, e02 + e12]],
  ['bn-scale', [0.5, 2, 1], [3, 0.25, 1]],
  ['lamp', [1, 1 / 35, 9 / 34], [1 / 170, 1, 0]],
])('%s of a residual stream: sum, mean and max over its members', (name, stem, branch) => {
  const ranked = residual();
  const close = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
  const both = (join: (a: number, b: number) => number) => close(stem.map((a, i) => join(a, branch[i] ?? 0)));
  expect([...ranked(name).scores]).toEqual(both((a, b) => a + b));
  expect([...ranked(`${name}:sum`).scores]).toEqual(both((a, b) => a + b));
  expect([...ranked(`${name}:mean`).scores]).toEqual(both((a, b) => (a + b) / 2));
  expect([...ranked(`${name}:max`).scores]).toEqual(both(Math.max));
});

test('the reduction decides which units of a stream go', () => {
  const ranked = residual();
  expect(ranked('lamp').order).toEqual([1, 0, 2]);
  // A tie between the first two, which their sums are not.
  expect(ranked('lamp:max').order).toEqual([0, 1, 2]);
});

test('a member with several filters in a unit counts as their sum; one that does not reach a unit is no member of it', () => {
  const members = [
    { units: [0, 1, 0, 1], scores: [1, 2, 3, 4] },
    { units: [-1, 1], scores: [100, 10] },
  ];
  expect([...reduce(members, 3, 'sum')]).toEqual([4, 16, 0]);
  expect([...reduce(members, 3, 'mean')]).toEqual([4, 8, 0]);
  expect([...reduce(members, 3, 'max')]).toEqual([4, 10, 0]);
});

test('a name carries its reduction unless that is the default', () => {
  expect(findCriterion('l1:max').name).toBe('l1:max');
  expect(findCriterion('l1:sum').name).toBe('l1');
  expect(findCriterion('lamp:mean').comparesAcrossGroups).toBe(true);
});

test.each([
  [
    'l1:median',
    'there is no reduction "median"; give the criterion as l1:sum, l1:mean, l1:max, or "l1" for the sum',
  ],
  ['l1:', 'there is no reduction ""; give the criterion as l1:sum, l1:mean, l1:max, or "l1" for the sum'],
  [
    'l1:max:mean',
    'there is no reduction "max:mean"; give the criterion as l1:sum, l1:mean, l1:max, or "l1" for the sum',
  ],
  ['random:max', 'criterion random takes no reduction: give it as "random"'],
])('%s is refused', (name, message) => {
  expect(() => findCriterion(name)).toThrow(new InputError(message, 'criterion'));
});
