import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../test/builder.ts';
import { networkHash } from '../hash.ts';
import { constantOf, type Network } from '../network.ts';
import { foldBatchNorm } from './fold.ts';

const values = (network: Network, name: string) => Array.from(constantOf(network, name).data, Number);
const ops = (network: Network) => network.nodes.map(({ op }) => op);

/** Scale 3 and 2, shift 0.5 and -1, mean 5 and 4, deviation 2 and 1 (without epsilon). */
function normalise(b: NetworkBuilder, x: string, name: string, epsilon = 0): string {
  const constants = Object.entries({ scale: [3, 2], shift: [0.5, -1], mean: [5, 4], variance: [4, 1] });
  const inputs = constants.map(([part, numbers]) => b.constant([2], numbers, `${name}.${part}`));
  return b.op('BatchNormalization', [x, ...inputs], { epsilon }, name);
}

test('by hand: weights are scaled, the bias follows, names stay', () => {
  const b = new NetworkBuilder('by hand');
  const image = b.input([1, 2, 2]);
  b.constant([2, 1, 1, 1], [10, 20], 'w');
  b.constant([2], [7, 8], 'conv.bias');
  const attributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };
  const x = b.op('Conv', [image, 'w', 'conv.bias'], attributes, 'conv');
  const network = b.build(b.relu(normalise(b, x, 'bn')));
  const before = networkHash(network);
  const folded = foldBatchNorm(network);
  expect(folded.nodes[0]).toEqual({
    name: 'conv',
    op: 'Conv',
    inputs: ['input', 'w', 'conv.bias'],
    outputs: ['bn'],
    attributes,
  });
  expect(folded.nodes.slice(1)).toEqual(network.nodes.slice(2));
  // 3/2 and 2/1; (7 - 5) * 1.5 + 0.5 and (8 - 4) * 2 - 1.
  expect([...folded.constants.keys()]).toEqual(['w', 'conv.bias']);
  expect(values(folded, 'w')).toEqual([15, 40]);
  expect(values(folded, 'conv.bias')).toEqual([3.5, 7]);
  expect(networkHash(network)).toBe(before);
});

test('a layer without bias gets one, named after its weight; epsilon counts', () => {
  const b = new NetworkBuilder('no bias');
  const x = b.conv(b.input([3, 2, 2]), 2, { name: 'layer1.0.conv1' });
  const folded = foldBatchNorm(b.build(normalise(b, x, 'bn', 5)));
  expect(folded.outputs).toEqual(['bn']);
  expect(folded.nodes[0]?.inputs[2]).toBe('layer1.0.conv1.bias');
  const [first = Number.NaN, second = Number.NaN] = values(folded, 'layer1.0.conv1.bias');
  // 0.5 - 5 * 3 / sqrt(9), -1 - 4 * 2 / sqrt(6)
  expect(first).toBeCloseTo(-4.5, 6);
  expect(second).toBeCloseTo(-4.265986323710904, 6);
});

test('a dense layer in both forms of its weight, its bias scaled by beta', () => {
  for (const transB of [0, 1]) {
    const b = new NetworkBuilder('dense');
    b.constant(transB ? [2, 3] : [3, 2], transB ? [1, 2, 3, 4, 5, 6] : [1, 4, 2, 5, 3, 6], 'w');
    const bias = b.constant([1, 2], [14, 16], 'b');
    const x = b.op('Gemm', [b.input([3]), 'w', bias], { transB, alpha: 2, beta: 0.5 }, 'fc');
    const folded = foldBatchNorm(b.build(normalise(b, x, 'bn')));
    expect(folded.nodes).toHaveLength(1);
    expect(folded.nodes[0]?.attributes).toEqual({ transB, alpha: 2, beta: 1 });
    expect(values(folded, 'w')).toEqual(transB ? [1.5, 3, 4.5, 8, 10, 12] : [1.5, 8, 3, 10, 4.5, 12]);
    expect(values(folded, 'b')).toEqual([3.5, 7]);
  }
});

test('one after the other, as long as there is a layer in front', () => {
  const b = new NetworkBuilder('chain');
  const x = normalise(b, normalise(b, b.conv(b.input([3, 2, 2]), 2, { name: 'conv' }), 'one'), 'two');
  const folded = foldBatchNorm(b.build(x));
  expect(folded.nodes.map(({ name, outputs }) => [name, outputs])).toEqual([['conv', ['two']]]);
  expect([...folded.constants.keys()].sort()).toEqual(['conv.bias', 'conv.weight']);
});

test('only those that are asked for', () => {
  const b = new NetworkBuilder('only');
  const x = normalise(b, b.conv(b.input([3, 2, 2]), 2), 'one');
  const network = b.build(normalise(b, b.conv(x, 2), 'two'));
  expect(foldBatchNorm(network, new Set(['two'])).nodes.map(({ name }) => name)).toEqual([
    'conv1',
    'one',
    'conv2',
  ]);
  expect(networkHash(foldBatchNorm(network, new Set()))).toBe(networkHash(network));
});

test.each<[string, (b: NetworkBuilder, image: string) => readonly string[]]>([
  [
    'the convolution is an output of the network',
    (b, image) => {
      const x = b.conv(image, 2);
      return [x, normalise(b, x, 'bn')];
    },
  ],
  [
    'the convolution is read elsewhere',
    (b, image) => {
      const x = b.conv(image, 2);
      return [b.add(normalise(b, x, 'bn'), x)];
    },
  ],
  [
    'its weight is shared',
    (b, image) => {
      const one = b.relu(b.conv(image, 2, { name: 'one' }));
      return [b.add(one, normalise(b, b.conv(image, 2, { weight: 'one.weight' }), 'bn'))];
    },
  ],
  [
    'its weight is an output of the network',
    (b, image) => {
      const x = normalise(b, b.conv(image, 2, { name: 'one' }), 'bn');
      return [x, 'one.weight'];
    },
  ],
  [
    'its weight is computed',
    (b, image) => {
      const weight = b.op('Abs', [b.randomConstant([2, 3, 3, 3])], {}, 'computed');
      return [normalise(b, b.conv(image, 2, { weight }), 'bn')];
    },
  ],
  [
    'its statistics are computed',
    (b, image) => {
      const computed = b.op('Abs', [b.randomConstant([2])], {}, 'computed');
      const others = [1, 2, 3].map(() => b.randomConstant([2], [0.5, 1]));
      return [b.op('BatchNormalization', [b.conv(image, 2), ...others, computed], { epsilon: 1e-5 })];
    },
  ],
  ['another operation lies between', (b, image) => [normalise(b, b.relu(b.conv(image, 2)), 'bn')]],
  ['there is nothing in front', (b) => [normalise(b, b.input([2, 3, 3], 'other'), 'bn')]],
  [
    'the layer has a bias for every image',
    (b, image) => {
      const weight = b.randomConstant([2, 48], [-1, 1], 'w');
      const inputs = [b.flatten(image), weight, b.randomConstant([2, 1])];
      return [normalise(b, b.op('Gemm', inputs, { transB: 1, alpha: 1, beta: 1 }), 'bn')];
    },
  ],
])('it stays where %s', (_, build) => {
  const b = new NetworkBuilder('stays');
  const network = b.build(...build(b, b.input([3, 4, 4])));
  const folded = foldBatchNorm(network);
  expect(ops(folded)).toContain('BatchNormalization');
  expect(networkHash(folded)).toBe(networkHash(network));
});

test('constants that others read as well stay as they are', () => {
  const b = new NetworkBuilder('shared');
  const image = b.input([3, 4, 4]);
  const left = normalise(b, b.conv(image, 2, { name: 'left', bias: true }), 'bn');
  const right = b.op(
    'Conv',
    [image, b.randomConstant([2, 3, 3, 3], undefined, 'right.weight'), 'left.bias'],
    {
      strides: [1, 1],
      pads: [1, 1, 1, 1],
      dilations: [1, 1],
      group: 1,
    },
  );
  const network = b.build(b.op('Mul', [b.add(left, right), b.reshape('bn.scale', [1, 2, 1, 1])]));
  const folded = foldBatchNorm(network);
  expect(folded.nodes.find(({ name }) => name === 'left')?.inputs[2]).toBe('left.bias_2');
  expect(folded.constants.get('left.bias')).toBe(network.constants.get('left.bias'));
  expect(folded.constants.get('bn.scale')).toBe(network.constants.get('bn.scale'));
  expect(folded.constants.has('bn.mean')).toBe(false);
});
