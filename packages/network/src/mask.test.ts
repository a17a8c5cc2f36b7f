import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { channelMap } from './groups/index.ts';
import { maskConsumers, maskValue } from './mask.ts';
import { inferShapes } from './shapes.ts';

const b = new NetworkBuilder('masked');
const x = b.op('Sigmoid', [b.conv(b.input([3, 2, 2]), 3, { name: 'first' })], {}, 'x');
const two = b.add(b.conv(x, 2, { name: 'a' }), b.conv(x, 2, { name: 'b' }), 'two');
const network = b.build(b.gemm(b.flatten(two), 2, { name: 'head' }));
const map = channelMap(network);
const masked = maskConsumers(network, map);

test('masks act at the inputs of consumers, and consumers of one value share one', () => {
  expect(masked.masks.map(({ input, shape }) => [input, shape])).toEqual([
    ['x/mask', [1, 3, 1, 1]],
    ['flatten1/mask', [1, 8]],
  ]);
  expect(masked.network.inputs.map(({ name }) => name)).toEqual(['input', 'x/mask', 'flatten1/mask']);
  const inputs = new Map(masked.network.nodes.map((node) => [node.name, node.inputs]));
  expect(inputs.get('x')).toEqual(['first']);
  expect(inputs.get('x/masked')).toEqual(['x', 'x/mask']);
  expect(inputs.get('a')?.[0]).toBe('x/masked');
  expect(inputs.get('b')?.[0]).toBe('x/masked');
  expect(inferShapes(masked.network, 5).get('head')).toEqual([5, 2]);
});

test('a mask is zero where the unit of the channel is removed', () => {
  const removed = new Uint8Array(map.unitCount);
  const stream = map.groups.find(({ id }) => id === 'a');
  removed[stream?.firstUnit ?? 0] = 1;
  expect(masked.masks.map((mask) => [...maskValue(mask, removed).data])).toEqual([
    [1, 1, 1],
    [0, 0, 0, 0, 1, 1, 1, 1],
  ]);
});

test('consumers that read one value along different axes have a mask each', () => {
  const c = new NetworkBuilder('two axes');
  const first = c.conv(c.input([3, 4, 4]), 4, { name: 'first' });
  const swapped = c.transpose(first, [0, 3, 2, 1]);
  // Channels of "rows" on axis 1, channels of "first" on axis 3 of one value.
  const rows = c.op('ReduceMean', [c.conv(c.input([3, 4, 4], 'other'), 5)], { axes: [3], keepdims: 1 });
  const outer = c.op('Mul', [rows, c.slice(swapped, [1], [[0, 1]])], {}, 'outer');
  const network = c.build(c.conv(outer, 2), c.dense(outer, 2));
  const { masks } = maskConsumers(network, channelMap(network));
  expect(masks.map(({ input, shape }) => [input, shape])).toEqual([
    ['outer/mask', [1, 5, 1, 1]],
    ['outer/mask-3', [1, 1, 1, 4]],
  ]);
});
