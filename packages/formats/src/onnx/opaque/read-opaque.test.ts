import { InputError } from '@espalier/errors';
import { channelMap, type Network, prunableGroups, withoutRule } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import {
  DataType,
  float,
  float32,
  graph,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  tensor,
  text,
} from '../../../test/onnx-file.ts';
import { expectSameNetwork } from '../../../test/runtime.ts';
import { decodeOnnx } from '../decode.ts';

const pads = { pads: ints(1, 1, 1, 1) };
/** A convolution before and one behind, both of which can be pruned where nothing else keeps them whole. */
const around = (...middle: OnnxFile['nodes']): OnnxFile['nodes'] => [
  node('Conv', ['x', 'w1'], ['a'], pads, 'first'),
  ...middle,
  node('Conv', ['m', 'w2'], ['c'], pads, 'second'),
  node('Relu', ['c'], ['d']),
  node('Conv', ['d', 'w3'], ['y'], pads, 'last'),
];
const weights = {
  w1: randomTensor(6, 4, 3, 3),
  w2: randomTensor(8, 6, 3, 3),
  w3: randomTensor(5, 8, 3, 3),
};
const prunable = (network: Network) => prunableGroups(channelMap(network)).map(({ id }) => id);

interface Middle {
  readonly what: string;
  readonly op: string;
  readonly file: Pick<OnnxFile, 'nodes' | 'tensors' | 'domains'>;
}

const middle = (
  what: string,
  op: string,
  nodes: OnnxFile['nodes'],
  tensors: NonNullable<OnnxFile['tensors']> = {},
  domains: readonly string[] = [],
): Middle => ({ what, op, file: { nodes, tensors, domains } });

const middles: readonly Middle[] = [
  middle('an operation of ONNX', 'Round', [node('Round', ['a'], ['m'])], {}),
  middle(
    'one of a runtime of its own',
    'com.microsoft.QuickGelu',
    [{ ...node('QuickGelu', ['a'], ['m'], { alpha: float(1.7) }), domain: 'com.microsoft' }],
    {},
    ['com.microsoft'],
  ),
  middle(
    'a convolution of one dimension',
    'Conv',
    [
      node('Reshape', ['a', 'rows'], ['r']),
      node('Conv', ['r', 'k'], ['s'], { pads: ints(1, 1) }, 'conv1d'),
      node('Reshape', ['s', 'back'], ['m']),
    ],
    { k: randomTensor(6, 6, 3), rows: int64([0, 6, 36]), back: int64([0, 6, 6, 6]) },
  ),
  middle(
    'a product by letters',
    'Einsum',
    [node('Einsum', ['a', 'k'], ['m'], { equation: text('nchw,dc->ndhw') })],
    { k: randomTensor(6, 6) },
  ),
  middle(
    'whole numbers on the way',
    'QuantizeLinear',
    [node('QuantizeLinear', ['a', 's', 'z'], ['q']), node('DequantizeLinear', ['q', 's', 'z'], ['m'])],
    { s: float32([], [0.05]), z: { dataType: DataType.INT8, dims: [], int32Data: [3] } },
  ),
  middle(
    'indices of a pool',
    'MaxPool',
    [
      node('MaxPool', ['a'], ['p', 'i'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
      node('MaxUnpool', ['p', 'i'], ['m'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
    ],
    {},
  ),
];

describe('an operation without a rule is kept, and only what touches it stays whole', () => {
  test.each(middles)('$what', async ({ op, file }) => {
    const network = await expectSameNetwork(
      onnxFile({ ...file, nodes: around(...file.nodes), tensors: { ...weights, ...file.tensors } }),
    );
    expect(withoutRule(network)[0]?.op).toBe(op);
    expect(prunable(network)).toEqual(['second']);
    const [first] = channelMap(network).groups;
    expect(first?.reason).toMatch(/an operation without a pruning rule|splits or merges|constant|combines/);
  });
});

test('what mixes the images of a file that was made for several is refused', async () => {
  const bytes = onnxFile({
    inputs: { x: [2, 4, 6, 6] },
    nodes: around(node('ReduceProd', ['a'], ['p'], { axes: ints(0) }), node('Add', ['a', 'p'], ['m'])),
    tensors: weights,
  });
  await expect(decodeOnnx(bytes, { name: 'net.onnx' })).rejects.toThrow(
    'net.onnx: ReduceProd "p": its output does not depend on the batch; images must stay separate',
  );
});

test('a branch that a value decides keeps what it reads', async () => {
  const network = await expectSameNetwork(
    onnxFile({
      inputs: { x: ['batch', 4, 6, 6], how: [1] },
      nodes: around(
        node('Greater', ['how', 'zero'], ['is']),
        node('If', ['is'], ['m'], {
          then_branch: graph({ nodes: [node('Mul', ['a', 'half'], ['t'])], outputs: ['t'] }),
          else_branch: graph({ nodes: [node('Neg', ['a'], ['e'])], outputs: ['e'] }),
        }),
      ),
      tensors: { ...weights, zero: float32([1], [0]), half: float32([], [0.5]) },
    }),
  );
  expect(withoutRule(network).map(({ op }) => op)).toEqual(['Greater', 'If']);
  expect(prunable(network)).toEqual(['second']);
  expect(channelMap(network).groups[0]?.reason).toBe('If "m" reads it, an operation without a pruning rule');
});

test('a loop is kept with what it reads', async () => {
  const body = graph({
    nodes: [
      node('Identity', ['go'], ['on']),
      node('Mul', ['so_far', 'half'], ['next']),
      node('Add', ['next', 'a'], ['sum']),
    ],
    inputs: { i: DataType.INT64, go: DataType.BOOL, so_far: DataType.FLOAT },
    outputs: ['on', 'sum'],
  });
  const { network } = await decodeOnnx(
    onnxFile({
      nodes: [
        node('Conv', ['x', 'w1'], ['a'], pads, 'first'),
        node('Conv', ['a', 'w2'], ['c'], pads, 'second'),
        node('Loop', ['three', '', 'a'], ['m'], { body }),
        node('Concat', ['m', 'c'], ['y'], { axis: int(1) }),
      ],
      tensors: { ...weights, three: int64([3], []), half: float32([], [0.5]) },
    }),
    { name: 'net.onnx' },
  );
  // Nobody can say how large it is, so it is not judged.
  expect(network.outputs).toEqual(['a', 'c']);
  expect(network.tail?.nodes[0]?.opaque).toMatchObject({
    ...{ op: 'Loop', captured: ['half', 'a'], places: [0, 2] },
  });
});

describe('what decides is a tail', () => {
  const scores = [node('GlobalAveragePool', ['a'], ['g']), node('Flatten', ['g'], ['scores'])];
  const first = node('Conv', ['x', 'w1'], ['a'], pads, 'first');

  test.each([
    ['ArgMax', [node('ArgMax', ['scores'], ['y'], { axis: int(1) })], {}, ['y']],
    ['TopK', [node('TopK', ['scores', 'k'], ['y', 'i'])], { k: int64([2]) }, ['y', 'i']],
    [
      'Cast',
      [node('Cast', ['scores'], ['n'], { to: int(7) }), node('Add', ['n', 'one'], ['y'])],
      { one: int64([1]) },
      ['y'],
    ],
  ] as const)('%s', async (op, nodes, tensors, outputs) => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [first, ...scores, ...nodes],
        tensors: { ...weights, ...tensors },
        outputs: [...outputs],
        untypedOutputs: true,
      }),
    );
    expect(network.outputs).toEqual(['scores']);
    expect(network.tail?.nodes[0]?.opaque?.op).toBe(op);
    expect(network.tail?.outputs).toEqual(outputs);
  });

  test('boxes: the candidates are judged, not those that are left', async () => {
    const { network, warnings } = await decodeOnnx(
      onnxFile({
        inputs: { x: [1, 4, 6, 6] },
        nodes: [
          node('Conv', ['x', 'w4'], ['a'], pads, 'first'),
          node('Reshape', ['a', 'four'], ['corners']),
          node('Transpose', ['corners'], ['boxes'], { perm: ints(0, 2, 1) }),
          node('ReduceMax', ['a'], ['best'], { axes: ints(1) }),
          node('Reshape', ['best', 'row'], ['scores']),
          node('NonMaxSuppression', ['boxes', 'scores', 'most'], ['kept']),
          node('Slice', ['kept', 'two', 'three', 'one'], ['which']),
          node('GatherND', ['boxes', 'which'], ['y'], { batch_dims: int(0) }),
        ],
        tensors: {
          w4: randomTensor(4, 4, 3, 3),
          four: int64([0, 4, 36]),
          row: int64([0, 1, 36]),
          most: int64([5]),
          one: int64([1]),
          two: int64([2]),
          three: int64([3]),
        },
        outputs: ['y'],
        untypedOutputs: true,
      }),
      { name: 'net.onnx' },
    );
    expect(network.outputs).toEqual(['boxes', 'scores']);
    expect(network.tail?.nodes.map(({ opaque, op }) => opaque?.op ?? op)).toEqual([
      'NonMaxSuppression',
      'Slice',
      'GatherND',
    ]);
    expect(warnings).toEqual([
      'NonMaxSuppression "kept" decides by "boxes", "scores": the network is evaluated by those, and the operation stays in the written file',
    ]);
  });
});

test('the branch of an If that a constant decides takes its place', async () => {
  const branch = (op: string) =>
    graph({
      nodes: [node(op, ['a', 'k'], ['inner'])],
      outputs: ['inner'],
      tensors: { k: randomTensor(6, 1, 1) },
    });
  const network = await expectSameNetwork(
    onnxFile({
      nodes: around(
        node('Shape', ['a'], ['shape']),
        node('Size', ['shape'], ['rank']),
        node('Equal', ['rank', 'four'], ['is']),
        node('If', ['is'], ['b'], { then_branch: branch('Mul'), else_branch: branch('Add') }),
        node('If', ['no'], ['m'], {
          then_branch: branch('Mul'),
          else_branch: graph({
            nodes: [node('Sub', ['b', 'k'], ['inner'])],
            outputs: ['inner'],
            tensors: { k: randomTensor(6, 1, 1) },
          }),
        }),
      ),
      tensors: {
        ...weights,
        four: int64([4], []),
        no: { dataType: DataType.BOOL, dims: [], int32Data: [0] },
      },
    }),
  );
  expect(network.nodes.map(({ op }) => op)).toEqual(['Conv', 'Mul', 'Sub', 'Conv', 'Relu', 'Conv']);
  expect(prunable(network)).toEqual(['first', 'second']);
});

describe('bytes', () => {
  test('become floats by the Cast behind the input', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputType: DataType.UINT8,
        nodes: [node('Cast', ['x'], ['f'], { to: int(1) }), node('Conv', ['f', 'w1'], ['y'], pads)],
        tensors: weights,
      }),
    );
    expect(network.inputs).toEqual([{ name: 'x', shape: [-1, 4, 6, 6], type: 'uint8' }]);
    expect(network.nodes.map(({ op }) => op)).toEqual(['Cast', 'Conv']);
  });

  test('may be moved before', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: ['batch', 6, 6, 4] },
        inputType: DataType.UINT8,
        nodes: [
          node('Transpose', ['x'], ['t'], { perm: ints(0, 3, 1, 2) }),
          node('Cast', ['t'], ['f'], { to: int(1) }),
          node('Conv', ['f', 'w1'], ['y'], pads),
        ],
        tensors: weights,
      }),
    );
    expect(withoutRule(network)).toEqual([{ name: 't', op: 'Transpose', why: 'its input "x" is uint8' }]);
  });
});

const refusals: readonly (readonly [string, OnnxFile])[] = [
  [
    'my.domain.Foo "/head/foo": it has no rule here, and ONNX Runtime cannot run it (Fatal error: my.domain:Foo(-1) is not a registered function/op): export the network without it, or replace it by standard ONNX operations',
    {
      nodes: [{ ...node('Foo', ['x'], ['y'], {}, '/head/foo'), domain: 'my.domain' }],
      domains: ['my.domain'],
    },
  ],
  [
    'my.domain.Foo "y": the file does not say which operation set of domain "my.domain" it uses',
    { nodes: [{ ...node('Foo', ['x'], ['y']), domain: 'my.domain' }] },
  ],
  [
    'NoSuch "y": it has no rule here, and ONNX Runtime cannot run it',
    { nodes: [node('NoSuch', ['x'], ['y'])] },
  ],
  ['If "y": it has no rule here, and ONNX Runtime cannot run it', { nodes: [node('If', ['x'], ['y'])] }],
  [
    'Constant "k": its value is neither',
    { nodes: [node('Constant', [], ['k'], { value_string: text('a') }), node('Add', ['x', 'k'], ['y'])] },
  ],
  [
    'ArgMax "y" and what follows decide by nothing that the network computes',
    { nodes: [node('ArgMax', ['x'], ['y'], { axis: int(1) })], untypedOutputs: true },
  ],
  [
    'tensor "z" is of type data type 22',
    {
      nodes: [node('DequantizeLinear', ['z', 's'], ['w']), node('Mul', ['x', 'w'], ['y'])],
      tensors: { s: float32([], [1]), z: { dataType: 22, dims: [2n] } },
      opset: 21,
    },
  ],
];

test.each(refusals)('refuses: %s', async (message, file) => {
  const reading = () => decodeOnnx(onnxFile(file), { name: 'net.onnx' });
  await expect(reading()).rejects.toThrow(InputError);
  await expect(reading()).rejects.toThrow(`net.onnx: ${message}`);
  await expect(reading()).rejects.not.toThrow(/1009|7919/);
});

test('a tensor in an attribute is kept', async () => {
  const network = await expectSameNetwork(
    onnxFile({
      nodes: around(
        node('Constant', [], ['k'], { value: tensor(randomTensor(6, 1, 1)) }),
        node('Mod', ['a', 'k'], ['m'], { fmod: int(1) }),
      ),
      tensors: weights,
    }),
  );
  expect(withoutRule(network).map(({ op }) => op)).toEqual(['Mod']);
});
