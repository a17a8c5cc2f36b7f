import { InputError } from '@espalier/errors';
import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { channelMap } from './groups/index.ts';
import type { Network } from './network.ts';
import { inferShapes } from './shapes.ts';
import { cutNetwork } from './surgery.ts';

function cut(network: Network, structure: Record<string, number[]>) {
  const groups = Object.entries(structure).map(([group, kept]) => ({ group, kept }));
  return cutNetwork(network, channelMap(network), groups);
}

function attributesOf(network: Network, name: string) {
  return network.nodes.find((node) => node.name === name)?.attributes;
}

test('filters go from their producer, the constants behind it and the consumer; the original stays whole', () => {
  const b = new NetworkBuilder('chain');
  const image = b.input([1, 2, 2]);
  b.constant([3, 1, 1, 1], [10, 11, 12], 'filters');
  const x = b.op('PRelu', [
    b.conv(image, 3, { name: 'first', kernel: 1, weight: 'filters' }),
    b.constant([3, 1, 1], [1, 2, 3], 'slopes'),
  ]);
  b.constant([2, 3, 1, 1], [20, 21, 22, 30, 31, 32], 'sums');
  const network = b.build(b.conv(x, 2, { name: 'second', kernel: 1, weight: 'sums' }));
  const { network: small, cuts } = cut(network, { first: [0, 2] });
  const dense = (name: string) => [
    small.constants.get(name)?.dims,
    [...(small.constants.get(name)?.data ?? [])],
  ];
  expect(dense('filters')).toEqual([
    [2, 1, 1, 1],
    [10, 12],
  ]);
  expect(dense('slopes')).toEqual([
    [2, 1, 1],
    [1, 3],
  ]);
  expect(dense('sums')).toEqual([
    [2, 2, 1, 1],
    [20, 22, 30, 32],
  ]);
  expect(cuts).toEqual([
    { tensor: 'filters', axis: 0, kept: [0, 2] },
    { tensor: 'slopes', axis: 0, kept: [0, 2] },
    { tensor: 'sums', axis: 1, kept: [0, 2] },
  ]);
  expect(network.constants.get('filters')?.dims).toEqual([3, 1, 1, 1]);
  expect(small.nodes).toEqual(network.nodes);
});

test('behind a Flatten a channel takes all of its pixels along', () => {
  const b = new NetworkBuilder('flatten');
  const x = b.conv(b.input([1, 1, 2]), 3, { name: 'first', kernel: 1 });
  b.constant([1, 6], [0, 1, 2, 3, 4, 5], 'dense.weight');
  const network = b.build(b.op('Gemm', [b.flatten(x), 'dense.weight'], { transB: 1, alpha: 1, beta: 1 }));
  const { network: small } = cut(network, { first: [0, 2] });
  expect([...(small.constants.get('dense.weight')?.data ?? [])]).toEqual([0, 1, 4, 5]);
});

describe('attributes follow the channels', () => {
  test('of Split, Gather and Slice', () => {
    const b = new NetworkBuilder('joints');
    const x = b.conv(b.input([3, 2, 2]), 6, { name: 'first' });
    const [left = '', right = ''] = b.split(x, [2, 4], 'split');
    const picked = b.gather(right, [3, 1, 1, 0], 'gather');
    const sliced = b.slice(
      x,
      [1, 2],
      [
        [1, 5, 1],
        [0, 2, 2],
      ],
      'slice',
    );
    const rows = b.slice(b.concat([left, picked]), [2], [[0, 2, 2]]);
    const network = b.build(b.head(b.concat([rows, sliced]), 2));
    // Of the channels 0 1 2 3 4 5 go 0 and 4: of the right part 2 3 4 5 its third, of the slice 1 .. 4 its last.
    const { network: small } = cut(network, { first: [1, 2, 3, 5] });
    expect(attributesOf(small, 'split')).toEqual({ axis: 1, split: [1, 3] });
    expect(attributesOf(small, 'gather')).toEqual({ axis: 1, indices: [2, 1, 1, 0] });
    expect(attributesOf(small, 'slice')).toEqual({
      axes: [1, 2],
      starts: [0, 0],
      ends: [3, 2],
      steps: [1, 2],
    });
    expect(inferShapes(small, 5).get('head')).toEqual([5, 2]);
  });

  test('of Pad, also where pads take channels away', () => {
    const b = new NetworkBuilder('pads');
    const x = b.conv(b.input([3, 4, 4]), 4, { name: 'first' });
    const wide = b.conv(x, 7, { name: 'wide' });
    const padded = b.pad(x, [0, 2, 0, 1, 0, 1, 0, 1], { name: 'widen' });
    const pixels = b.pad(wide, [0, 0, 0, 1, 0, 0, 0, 1]);
    const narrow = b.pad(b.add(pixels, padded), [0, -2, -1, -1, 0, -2, 0, -1], { name: 'narrow' });
    const network = b.build(b.head(narrow, 2));
    const { network: small } = cut(network, { first: [0, 1, 3], wide: [1, 2] });
    // The sum's channels: z z 0 1 2 3 z, of which the first zero and channel 2 go.
    expect(attributesOf(small, 'widen')).toMatchObject({ pads: [0, 1, 0, 1, 0, 1, 0, 1] });
    expect(attributesOf(small, 'narrow')).toMatchObject({ pads: [0, -1, -1, -1, 0, -2, 0, -1] });
    expect(inferShapes(small, 5).get('head')).toEqual([5, 2]);
  });

  test('of Reshape and of a depthwise convolution', () => {
    const b = new NetworkBuilder('reshape');
    const x = b.depthwise(b.conv(b.input([3, 2, 2]), 4, { name: 'first' }), { name: 'deep', multiplier: 2 });
    const reshaped = b.op('Reshape', [x], { shape: [-1, 8, 4] }, 'reshape');
    const network = b.build(b.dense(b.transpose(reshaped, [0, 2, 1]), 2, 'head'));
    const { network: small } = cut(network, { first: [0, 1, 2] });
    expect(attributesOf(small, 'deep')).toMatchObject({ group: 3 });
    expect(small.constants.get('deep.weight')?.dims).toEqual([6, 1, 3, 3]);
    expect(attributesOf(small, 'reshape')).toEqual({ shape: [-1, 6, 4] });
    expect(inferShapes(small, 5).get('head')).toEqual([5, 4, 2]);
  });

  test('a grouped convolution keeps its number of conv-groups', () => {
    const b = new NetworkBuilder('grouped');
    const x = b.conv(b.input([3, 2, 2]), 8, { name: 'first' });
    const network = b.build(b.head(b.conv(x, 4, { name: 'grouped', group: 2 }), 2));
    const { network: small } = cut(network, { first: [0, 3], grouped: [1] });
    expect(attributesOf(small, 'grouped')).toMatchObject({ group: 2 });
    expect(small.constants.get('first.weight')?.dims).toEqual([4, 3, 3, 3]);
    expect(small.constants.get('grouped.weight')?.dims).toEqual([2, 2, 3, 3]);
  });
});

describe('a structure that does not fit is refused', () => {
  const b = new NetworkBuilder('refusals');
  const [left = '', right = ''] = b.split(b.conv(b.input([3, 2, 2]), 6, { name: 'first' }), [2, 4], 'split');
  const both = b.concat([b.conv(left, 2, { name: 'left' }), b.conv(right, 2, { name: 'right' })]);
  const network = b.build(b.head(both, 3));

  test.each([
    ['an unknown group', { none: [0] }, 'there is no channel group "none"'],
    ['no unit', { first: [] }, 'group "first" would lose all of its 6 units'],
    ['a unit that is not there', { first: [0, 6] }, 'group "first" has no unit 6; its units are 0 to 5'],
    ['half a unit', { first: [0.5] }, 'group "first" has no unit 0.5'],
    ['a unit twice', { first: [0, 0, 3] }, 'the kept units of group "first" do not ascend'],
    [
      'a group that cannot be pruned',
      { head: [0, 1] },
      'group "head" cannot be pruned: its channels are outputs',
    ],
    ['a unit twice in a group that cannot be pruned', { head: [0, 1, 1] }, 'do not ascend'],
    [
      'a branch without channels',
      { first: [2, 3] },
      '"split" would have no channels left: keep at least one of those that reach it from "first"',
    ],
  ])('%s', (_, structure, message) => {
    expect(() => cut(network, structure)).toThrow(message);
    expect(() => cut(network, structure)).toThrow(InputError);
  });

  test('a group that is named twice', () => {
    const twice = [0, 1].map(() => ({ group: 'first', kept: [0, 3] }));
    expect(() => cutNetwork(network, channelMap(network), twice)).toThrow('named twice');
  });

  test('but an unprunable group may be named as long as it stays whole', () => {
    expect(cut(network, { head: [0, 1, 2] }).cuts).toEqual([]);
  });
});
