import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../test/builder.ts';
import { networkHash } from '../hash.ts';
import { constantOf } from '../network.ts';
import { foldBatchNorm } from './fold.ts';
import { unfoldable, unfoldBatchNorm } from './unfold.ts';

/** A convolution whose output is read under its name, with weights 10 and 20. */
function convolution(bias?: readonly number[]) {
  const b = new NetworkBuilder('conv');
  b.constant([2, 1, 1, 1], [10, 20], 'conv.weight');
  const inputs = [b.input([1, 2, 2]), 'conv.weight', ...(bias ? [b.constant([2], bias, 'conv.bias')] : [])];
  const attributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 };
  b.op('Conv', inputs, attributes, 'conv');
  return b.build(b.relu('conv', 'relu'), 'conv');
}

const statistics = new Map([
  ['conv', { mean: Float32Array.of(3, -2), variance: Float32Array.of(9 - 0.5, 0) }],
]);

test('by hand: the bias goes into the shift, the value keeps its name', () => {
  const network = convolution([1, 4]);
  const before = networkHash(network);
  const unfolded = unfoldBatchNorm(network, statistics, 0.5);
  const [conv, bn, relu] = unfolded.nodes;
  expect([conv?.name, conv?.inputs, conv?.outputs]).toEqual([
    'conv',
    ['input', 'conv.weight'],
    ['conv/before-bn'],
  ]);
  expect(bn).toEqual({
    name: 'conv/bn',
    op: 'BatchNormalization',
    inputs: [
      'conv/before-bn',
      ...['weight', 'bias', 'running_mean', 'running_var'].map((part) => `conv/bn.${part}`),
    ],
    outputs: ['conv'],
    attributes: { epsilon: 0.5 },
  });
  expect(relu).toBe(network.nodes[1]);
  expect(unfolded.outputs).toEqual(['relu', 'conv']);
  const parameters = bn?.inputs.slice(1).map((name) => [...constantOf(unfolded, name).data]);
  expect(parameters).toEqual([
    [3, Math.fround(Math.sqrt(0.5))],
    [3, -2],
    [2, -6],
    [8.5, 0],
  ]);
  expect(unfolded.constants.has('conv.bias')).toBe(false);
  expect(networkHash(network)).toBe(before);
});

test.each([
  ['with a bias', [1, 4]],
  ['without one', undefined],
] as const)('folding takes it back: a convolution %s', (_, bias) => {
  const network = convolution(bias);
  const back = foldBatchNorm(unfoldBatchNorm(network, statistics));
  expect(back.nodes.map(({ name, outputs }) => [name, outputs])).toEqual(
    network.nodes.map(({ name, outputs }) => [name, outputs]),
  );
  const numbers = (name: string) => [...constantOf(back, name).data].map(Number);
  expect([...back.constants.keys()].sort()).toEqual(['conv.bias', 'conv.weight']);
  for (const [name, expected] of Object.entries({ 'conv.weight': [10, 20], 'conv.bias': bias ?? [0, 0] })) {
    numbers(name).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
    });
  }
});

test('which convolutions can get one', () => {
  const b = new NetworkBuilder('candidates');
  const image = b.input([3, 5, 5]);
  let x = b.relu(b.batchNorm(b.conv(image, 4, { name: 'has one' })));
  x = b.relu(b.conv(x, 4, { name: 'plain' }));
  x = b.depthwise(x, { name: 'deep', bias: true });
  const both = b.conv(x, 4, { name: 'read elsewhere too' });
  x = b.add(b.batchNorm(both), both);
  const weight = b.op('Abs', [b.randomConstant([4, 4, 3, 3])], {}, 'computed weight');
  x = b.conv(x, 4, { name: 'computed', weight });
  x = b.batchNorm(b.conv(x, 4, { name: 'output too' }));
  const network = b.build(b.head(x, 2), 'output too', b.conv(image, 2, { name: 'output' }));
  const names = unfoldable(network).map(({ name }) => name);
  expect(names).toEqual(['plain', 'deep', 'read elsewhere too', 'output too', 'output']);
  const statistics = names.map((name) => {
    const channels = name === 'output' ? 2 : 4;
    return [name, { mean: new Float32Array(channels), variance: new Float32Array(channels) }] as const;
  });
  const unfolded = unfoldBatchNorm(network, new Map(statistics));
  expect(unfoldable(unfolded)).toEqual([]);
  expect(unfolded.nodes).toHaveLength(network.nodes.length + names.length);
});

test('a shared bias stays for the other convolution, a taken name is not given twice', () => {
  const b = new NetworkBuilder('shared');
  const image = b.input([3, 5, 5]);
  b.conv(image, 4, { name: 'conv', bias: true });
  const weight = b.randomConstant([4, 3, 3, 3], undefined, 'other.weight');
  const attributes = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
  const other = b.op('Conv', [image, weight, 'conv.bias'], attributes, 'other');
  const network = b.build(b.relu(b.add('conv', other), 'conv/bn'));
  const statistics = { mean: new Float32Array(4), variance: new Float32Array(4) };
  const unfolded = unfoldBatchNorm(network, new Map([['conv', statistics]]));
  expect(unfolded.constants.get('conv.bias')).toBe(network.constants.get('conv.bias'));
  expect(unfolded.nodes.map(({ name }) => name)).toContain('conv/bn_2');
});

test('statistics that do not fit are refused', () => {
  const network = convolution();
  const refused = (name: string, mean: number[], variance: number[]) => () =>
    unfoldBatchNorm(
      network,
      new Map([[name, { mean: Float32Array.from(mean), variance: Float32Array.from(variance) }]]),
    );
  expect(refused('relu', [1, 1], [1, 1])).toThrow(
    '"relu" is not a convolution that BatchNorm can be put behind',
  );
  expect(refused('conv', [1], [1, 1])).toThrow(
    'Conv "conv" has 2 filters, but there are 1 means and 2 variances',
  );
  expect(refused('conv', [1, 1], [1, -1])).toThrow('not finite, or a variance is negative');
  expect(refused('conv', [1, Number.NaN], [1, 1])).toThrow('not finite, or a variance is negative');
});
