import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../test/builder.ts';
import { channelMap, prunableGroups } from './index.ts';

test('the map says which unit every index of every axis belongs to', () => {
  const b = new NetworkBuilder('map');
  const image = b.input([2, 2, 2]);
  const x = b.conv(image, 3, { name: 'first', kernel: 1 });
  const joined = b.concat([x, image], 'joined');
  const network = b.build(
    b.gemm(b.flatten(b.conv(joined, 2, { name: 'second', bias: true })), 2, { name: 'head' }),
  );
  const map = channelMap(network);
  expect(map.groups.map(({ id, firstUnit }) => [id, firstUnit])).toEqual([
    ['first', 0],
    ['second', 3],
    ['head', 5],
  ]);
  expect(map.unitCount).toBe(7);
  const axes = (value: string) => map.axes.get(value)?.map((units) => units && [...units]);
  expect(axes('first')).toEqual([null, [0, 1, 2], null, null]);
  expect(axes('joined')).toEqual([null, [0, 1, 2, -1, -1], null, null]);
  expect(axes('second.weight')).toEqual([[3, 4], [0, 1, 2, -1, -1], null, null]);
  expect(axes('second.bias')).toEqual([[3, 4]]);
  expect(axes('head.weight')).toEqual([
    [5, 6],
    [3, 3, 3, 3, 4, 4, 4, 4],
  ]);
  expect(map.consumers.map(({ node, value, axis }) => [node, value, axis])).toEqual([
    ['second', 'joined', 1],
    ['head', 'flatten1', 1],
  ]);
  expect(map.producers.map(({ node, value, axis }) => [node, value, axis])).toEqual([
    ['first', 'first.weight', 0],
    ['second', 'second.weight', 0],
    ['head', 'head.weight', 0],
  ]);
});

test('a node whose name looks like that of a second group does not lend it to two', () => {
  const b = new NetworkBuilder('names');
  const x = b.conv(b.input([3, 4, 4]), 6, { name: 'first' });
  const y = b.conv(b.slice(x, [1], [[0, 2]]), 2, { name: 'other' });
  const sum = b.conv(b.add(y, b.slice(x, [1], [[2, 4]])), 3, { name: 'first[1]' });
  const ids = channelMap(b.build(b.head(sum, 2))).groups.map(({ id, producers }) => [id, producers]);
  expect(ids).toEqual([
    ['first', ['first']],
    ['first[1]', ['first', 'other']],
    ['first[1][1]', ['first[1]']],
    ['head', ['head']],
  ]);
});

test('inexact groups are prunable where they are allowed', () => {
  const b = new NetworkBuilder('inexact');
  const x = b.conv(b.input([3, 4, 4]), 6, { name: 'first' });
  const network = b.build(b.head(b.op('LRN', [x], { size: 3, alpha: 1, beta: 1, bias: 1 }), 2));
  const prunable = (allowInexact: boolean) =>
    prunableGroups(channelMap(network, { allowInexact })).map(({ id, inexact }) => [id, inexact]);
  expect(prunable(false)).toEqual([]);
  expect(prunable(true)).toEqual([['first', true]]);
});
