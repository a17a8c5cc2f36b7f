import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { networkHash, updateInPieces } from './hash.ts';
import type { Network } from './network.ts';

function network(): Network {
  const b = new NetworkBuilder('hashed');
  const image = b.input([3, 4, 4]);
  const [left = '', right = ''] = ['left', 'right'].map((name) => b.conv(image, 4, { name, bias: true }));
  const x = b.op(
    'Clip',
    [b.op('Sub', [left, right], {}, 'sub')],
    { min: 0, max: Number.POSITIVE_INFINITY },
    'clip',
  );
  return b.build(b.head(x, 2));
}

const original = networkHash(network());

test('names and the order of nodes and constants do not matter', () => {
  const { nodes, constants, inputs, outputs, ...rest } = network();
  const [left, right, ...others] = nodes;
  const renamed = (value: string) => `new/${value}`;
  const other: Network = {
    ...rest,
    name: 'another name',
    inputs: inputs.map((input) => ({ ...input, name: renamed(input.name) })),
    outputs: outputs.map(renamed),
    constants: new Map([...constants].reverse().map(([name, tensor]) => [renamed(name), tensor])),
    nodes: [right, left, ...others].flatMap((node) =>
      node
        ? [
            {
              ...node,
              name: `n ${node.name}`,
              inputs: node.inputs.map(renamed),
              outputs: node.outputs.map(renamed),
            },
          ]
        : [],
    ),
    metadata: {
      input: { layout: 'NCHW', channels: 'RGB', size: [4, 4], scale: 1, mean: [0], std: [1] },
      output: 'logits',
    },
  };
  expect(networkHash(other)).toBe(original);
});

test('what nothing reads does not matter', () => {
  const whole = network();
  const unused = { name: 'unused', op: 'Relu', inputs: ['left'], outputs: ['unused'], attributes: {} };
  expect(networkHash({ ...whole, nodes: [...whole.nodes, unused] })).toBe(original);
});

/** The network with one node replaced. */
function withNode(
  name: string,
  change: (node: Network['nodes'][number]) => Network['nodes'][number],
): Network {
  const whole = network();
  return { ...whole, nodes: whole.nodes.map((node) => (node.name === name ? change(node) : node)) };
}

test.each<[string, () => Network]>([
  [
    'a weight',
    () => {
      const whole = network();
      const weight = whole.constants.get('left.weight');
      const data = Float32Array.from(weight?.data ?? [], Number);
      data[5] = (data[5] ?? 0) + 1e-6;
      return {
        ...whole,
        constants: new Map([...whole.constants, ['left.weight', { dims: weight?.dims ?? [], data }]]),
      };
    },
  ],
  [
    'the shape of a weight',
    () => {
      const whole = network();
      const bias = whole.constants.get('left.bias');
      return {
        ...whole,
        constants: new Map([
          ...whole.constants,
          ['left.bias', { dims: [2, 2], data: bias?.data ?? new Float32Array() }],
        ]),
      };
    },
  ],
  [
    'an attribute',
    () => withNode('left', (node) => ({ ...node, attributes: { ...node.attributes, group: 2 } })),
  ],
  [
    'an infinite attribute',
    () => withNode('clip', (node) => ({ ...node, attributes: { min: 0, max: Number.NEGATIVE_INFINITY } })),
  ],
  ['an attribute that is left out', () => withNode('clip', (node) => ({ ...node, attributes: { min: 0 } }))],
  ['an operation', () => withNode('sub', (node) => ({ ...node, op: 'Add' }))],
  ['a connection', () => withNode('sub', (node) => ({ ...node, inputs: [...node.inputs].reverse() }))],
  ['the shape of the input', () => ({ ...network(), inputs: [{ name: 'input', shape: [-1, 3, 5, 5] }] })],
  ['an output', () => ({ ...network(), outputs: ['head', 'sub'] })],
])('%s matters', (_, changed) => {
  expect(networkHash(changed())).not.toBe(original);
});

test('an attribute that is undefined is one that is left out', () => {
  const left = withNode('clip', (node) => ({ ...node, attributes: { min: 0 } }));
  const undefinedMax = withNode('clip', (node) => ({ ...node, attributes: { min: 0, max: undefined } }));
  expect(networkHash(undefinedMax)).toBe(networkHash(left));
});

test('one weight that is read twice is not two equal ones', () => {
  const b = new NetworkBuilder('tied');
  const image = b.input([3, 4, 4]);
  const two = b.conv(b.conv(image, 3, { name: 'one' }), 3, { name: 'two', weight: 'one.weight' });
  const tied = b.build(two);
  const untied: Network = {
    ...tied,
    nodes: tied.nodes.map((node) =>
      node.name === 'two' ? { ...node, inputs: ['one', 'two.weight'] } : node,
    ),
    constants: new Map([
      ...tied.constants,
      ...[...tied.constants.values()].map((w) => ['two.weight', w] as const),
    ]),
  };
  expect(networkHash(untied)).not.toBe(networkHash(tied));
});

test.each([1, 3, 7, 10, 11, 2 ** 28])('bytes in pieces of %i have the hash of the whole', (piece) => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i * 3);
  const whole = createHash('sha256').update(bytes).digest('hex');
  expect(updateInPieces(createHash('sha256'), bytes, piece).digest('hex')).toBe(whole);
  expect(updateInPieces(createHash('sha256'), new Uint8Array(0), piece).digest('hex')).toBe(
    createHash('sha256').digest('hex'),
  );
});
