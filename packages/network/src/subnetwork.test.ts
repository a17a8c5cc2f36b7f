import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { inferShapes } from './shapes.ts';
import { ancestry, subnetwork } from './subnetwork.ts';

const b = new NetworkBuilder('whole');
const stem = b.conv(b.input([3, 6, 6]), 4, { name: 'stem' });
const inner = b.conv(stem, 5, { name: 'inner', stride: 2 });
const shortcut = b.conv(stem, 5, { name: 'shortcut', kernel: 1, stride: 2 });
const sum = b.add(inner, shortcut, 'sum');
const network = b.build(b.head(sum, 2));

test('a part of a network is a network: its nodes, its constants, inputs that follow the batch', () => {
  const part = subnetwork(network, ['stem'], ['sum', 'inner']);
  expect(part.nodes.map(({ name }) => name)).toEqual(['inner', 'shortcut', 'sum']);
  expect([...part.constants.keys()]).toEqual(['inner.weight', 'shortcut.weight']);
  expect(part.inputs).toEqual([{ name: 'stem', shape: [-1, 4, 6, 6] }]);
  expect(inferShapes(part, 2).get('sum')).toEqual([2, 5, 3, 3]);
});

test('an axis that is merged with the batch follows it', () => {
  const c = new NetworkBuilder('rows');
  const rows = c.reshape(c.transpose(c.input([3, 2, 2]), [0, 2, 3, 1]), [-1, 3]);
  const network = c.build(c.gemm(rows, 2, { name: 'dense' }));
  expect(subnetwork(network, [rows], ['dense']).inputs[0]?.shape).toEqual([-1, 3]);
});

test('the walk back stops at what is available and says what of it is read', () => {
  const { nodes, inputs } = ancestry(network, new Set(['stem', 'shortcut', 'head']), ['sum']);
  expect(nodes.map(({ name }) => name)).toEqual(['inner', 'sum']);
  expect([...inputs].sort()).toEqual(['shortcut', 'stem']);
  expect(() => ancestry(network, new Set(['inner']), ['sum'])).toThrow(
    '"input" is neither available nor computed',
  );
});
