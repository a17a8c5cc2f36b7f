import { InputError } from '@espalier/errors';
import { networkHash, supportedOperations } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import {
  DataType,
  float32,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
  text,
} from '../../test/onnx-file.ts';
import { expectSameNetwork } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';
import { normalForms } from './normal-form/index.ts';

const read = (file: OnnxFile) => decodeOnnx(onnxFile(file), { name: 'net.onnx' });
const relu = [node('Relu', ['x'], ['y'])];

test('every operation of a network can be read', () => {
  const unread = supportedOperations.filter((op) => !normalForms.has(op));
  expect(unread, 'without a normal form: see src/onnx/normal-form').toEqual([]);
});

describe('names', () => {
  test('of nodes, tensors and outputs are those of the file', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Conv', ['x', 'conv.weight'], ['hidden'], {}, '/features/conv'),
          node('Relu', ['hidden'], ['scores'], {}, '/features/relu'),
        ],
        tensors: { 'conv.weight': randomTensor(3, 4, 3, 3) },
      }),
    );
    expect(network.nodes.map(({ name, outputs }) => [name, outputs])).toEqual([
      ['/features/conv', ['hidden']],
      ['/features/relu', ['scores']],
    ]);
    expect([...network.constants.keys()]).toEqual(['conv.weight']);
  });

  test('of nodes without one are made of the operation and the place', () => {
    const nodes = [node('Relu', ['x'], ['a'], {}, ''), node('Neg', ['a'], ['y'], {}, 'Neg_1')];
    const more = [...nodes, node('Neg', ['y'], ['z'], {}, ''), node('Neg', ['z'], ['w'], {}, 'Neg_1')];
    expect(read({ nodes: more }).network.nodes.map(({ name }) => name)).toEqual([
      'Relu_0',
      'Neg_1',
      'Neg_2',
      'Neg_1_1',
    ]);
  });

  test('of outputs stay when the last nodes are dropped', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Relu', ['x'], ['r']),
          node('Dropout', ['r'], ['d']),
          node('Identity', ['d'], ['y']),
          node('Neg', ['r'], ['z']),
        ],
        outputs: ['y', 'z'],
      }),
    );
    expect(network.outputs).toEqual(['y', 'z']);
    expect(network.nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Relu', ['x'], ['y']],
      ['Neg', ['y'], ['z']],
    ]);
  });

  test('of outputs that are the same value, or an input, come from copies', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Relu', ['x'], ['r']),
          node('Identity', ['r'], ['a']),
          node('Identity', ['r'], ['b']),
          node('Identity', ['x'], ['c']),
        ],
        outputs: ['r', 'a', 'b', 'c'],
      }),
    );
    expect(network.nodes.map(({ op }) => op)).toEqual(['Relu', 'Identity', 'Identity', 'Identity']);
  });

  test('biases that an exporter stored once are tensors of their own', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Identity', ['zeros'], ['bias2']),
          node('Conv', ['x', 'w', 'zeros'], ['a']),
          node('Conv', ['a', 'v', 'bias2'], ['y']),
        ],
        tensors: {
          w: randomTensor(4, 4, 1, 1),
          v: randomTensor(4, 4, 1, 1),
          zeros: float32([4], [0, 0, 0, 0]),
        },
      }),
    );
    expect([...network.constants.keys()].sort()).toEqual(['bias2', 'v', 'w', 'zeros']);
  });
});

describe('the graph', () => {
  test('is sorted, and what no output needs is left out', async () => {
    const nodes = [
      node('Sigmoid', ['b'], ['y']),
      node('NonMaxSuppression', ['a'], ['unused']),
      node('Neg', ['a'], ['b']),
      node('Relu', ['x'], ['a']),
    ];
    const { network } = read({ nodes, outputs: ['y'], tensors: { spare: randomTensor(3) } });
    expect(network.nodes.map(({ op }) => op)).toEqual(['Relu', 'Neg', 'Sigmoid']);
    expect(network.constants.size).toBe(0);
  });

  test('has no initialisers among its inputs', () => {
    const { network } = read({
      inputs: { w: [4, 1, 1], x: ['batch', 4, 6, 6] },
      nodes: [node('Mul', ['x', 'w'], ['y'])],
      tensors: { w: randomTensor(4, 1, 1) },
    });
    expect(network.inputs.map(({ name }) => name)).toEqual(['x']);
  });

  test('may have several inputs and outputs', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: ['batch', 4, 6, 6], z: ['batch', 4, 1, 1] },
        nodes: [node('Mul', ['x', 'z'], ['a']), node('Add', ['x', 'a'], ['b'])],
        outputs: ['a', 'b'],
      }),
    );
    expect(network.inputs).toEqual([
      { name: 'x', shape: [-1, 4, 6, 6] },
      { name: 'z', shape: [-1, 4, 1, 1] },
    ]);
  });

  test('an input of one fixed shape beside an open one does not follow the batch', () => {
    const { network } = read({
      inputs: { x: ['batch', 4, 6, 6], mask: [1, 4, 1, 1] },
      nodes: [node('Mul', ['x', 'mask'], ['y'])],
    });
    expect(network.inputs[1]).toEqual({ name: 'mask', shape: [1, 4, 1, 1] });
  });

  test('domain ai.onnx is the default one', () => {
    const named = [{ ...node('Relu', ['x'], ['y']), domain: 'ai.onnx' }];
    const { network } = read({ nodes: named, domain: 'ai.onnx' });
    expect(network.nodes[0]?.op).toBe('Relu');
  });

  test('single precision numbers are read as the decimals they were written as', () => {
    const nodes = [node('LeakyRelu', ['x'], ['y'], { alpha: { type: 1, f: Math.fround(0.1) } })];
    expect(read({ nodes }).network.nodes[0]?.attributes).toEqual({ alpha: 0.1 });
  });
});

describe('numbers of other widths', () => {
  const values = [1, -2.5, 65504, 2 ** -24, 0, -0.333251953125];
  const bits = [0x3c00, 0xc100, 0x7bff, 0x0001, 0x0000, 0xb555];
  const scaled = (w: object) =>
    read({ inputs: { x: ['batch', 6] }, nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w } });

  test.each([
    ['float16', { dataType: DataType.FLOAT16, rawData: new Uint8Array(Uint16Array.from(bits).buffer) }],
    ['float16', { dataType: DataType.FLOAT16, int32Data: bits }],
    ['double', { dataType: DataType.DOUBLE, rawData: new Uint8Array(Float64Array.from(values).buffer) }],
    ['double', { dataType: DataType.DOUBLE, doubleData: values }],
  ])('%s becomes float32, with a warning', (type, data) => {
    const { network, warnings } = scaled({ ...data, dims: [6n] });
    expect([...(network.constants.get('w')?.data ?? [])]).toEqual(values.map(Math.fround));
    expect(warnings).toEqual([`1 ${type} tensor(s) were converted to float32, "w" the first`]);
  });

  test('bfloat16 becomes float32', () => {
    const { network } = scaled({
      dataType: DataType.BFLOAT16,
      dims: [6n],
      int32Data: [0x3f80, 0xc020, 0, 0, 0, 0],
    });
    expect([...(network.constants.get('w')?.data ?? [])]).toEqual([1, -2.5, 0, 0, 0, 0]);
  });

  test('an integer exponent becomes a float', async () => {
    const network = await expectSameNetwork(
      onnxFile({ nodes: [node('Pow', ['x', 'two'], ['y'])], tensors: { two: int64([2], []) } }),
    );
    expect(network.constants.get('two')?.data).toEqual(Float32Array.of(2));
  });

  test('an input of double precision is read, with a warning', () => {
    const { warnings } = read({ nodes: relu, inputType: DataType.DOUBLE });
    expect(warnings).toEqual(['input "x" is double; the network takes float32']);
  });
});

const weights = { w: randomTensor(4, 4, 1, 1) };
const refusals: readonly (readonly [message: string, file: OnnxFile])[] = [
  [
    'operation set 10 of domain "ai.onnx" is not supported; export with one from 11 to 21',
    { opset: 10, nodes: relu },
  ],
  [
    'operation set 22 of domain "ai.onnx" is not supported; export with one from 11 to 21, or convert it (onnx.version_converter)',
    { opset: 22, nodes: relu },
  ],
  ['the model does not say which ONNX operation set it uses', { domain: 'com.example', nodes: relu }],
  ['the graph has no nodes', { nodes: [], outputs: ['x'] }],
  ['the graph has no input', { nodes: relu, inputs: {} }],
  ['the graph has no output', { nodes: relu, outputs: [] }],
  ['Relu "y": it reads "nowhere", which nothing computes', { nodes: [node('Relu', ['nowhere'], ['y'])] }],
  ['nothing computes output "z"', { nodes: relu, outputs: ['z'] }],
  [
    'output "y" does not depend on the network\'s input',
    { nodes: [node('Add', ['w', 'w'], ['y'])], tensors: weights },
  ],
  [
    'Neg "b": it depends on its own output',
    { nodes: [node('Add', ['x', 'b'], ['a']), node('Neg', ['a'], ['b'])], outputs: ['b'] },
  ],
  [
    'two things are called "a", one of them is computed by Neg "second"',
    { nodes: [node('Relu', ['x'], ['a']), node('Neg', ['x'], ['a'], {}, 'second')] },
  ],
  [
    'TopK "/head/top": operation TopK is not supported: it decides, and scores are what is judged; export the model without it, so that it ends in the scores of its classes',
    { nodes: [node('TopK', ['x'], ['y'], {}, '/head/top')] },
  ],
  [
    'If "y": control flow is not supported; export the model without it, or simplify it (onnxsim)',
    { nodes: [node('If', ['x'], ['y'])] },
  ],
  ['QLinearConv "y": quantised models are not supported', { nodes: [node('QLinearConv', ['x'], ['y'])] }],
  [
    'com.microsoft.FusedConv "y": operation com.microsoft.FusedConv is not supported; the guide to files lists those that are',
    { nodes: [{ ...node('FusedConv', ['x'], ['y']), domain: 'com.microsoft' }] },
  ],
  [
    'input "x" is uint8; export a network that takes float32 images, without the cast in front: how bytes become them says a preprocessing',
    { nodes: relu, inputType: DataType.UINT8 },
  ],
  [
    'input "x" leaves axes 2 ("height"), 3 ("width") open: give the size to compute with',
    { nodes: relu, inputs: { x: ['batch', 3, 'height', 'width'] } },
  ],
  [
    'Cast "y": computed values are floats, not int64',
    { nodes: [node('Cast', ['x'], ['y'], { to: int(7) })] },
  ],
  [
    'Dropout "y": its further output "mask" is read',
    { nodes: [node('Dropout', ['x'], ['y', 'mask']), node('Neg', ['mask'], ['z'])] },
  ],
  [
    'MaxPool "y": its further output "where" is read',
    {
      nodes: [node('MaxPool', ['x'], ['y', 'where'], { kernel_shape: ints(2, 2) })],
      outputs: ['y', 'where'],
    },
  ],
  [
    'BatchNormalization "y": it is in training mode',
    {
      nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], ['y'], { training_mode: int(1) })],
      tensors: { v: randomTensor(4) },
    },
  ],
  [
    'BatchNormalization "y": "v" has shape [3], but its input has 4 channels',
    {
      nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], ['y'])],
      tensors: { v: randomTensor(3) },
    },
  ],
  [
    'Conv "y": its bias has shape [3], but it has 4 outputs',
    { nodes: [node('Conv', ['x', 'w', 'b'], ['y'])], tensors: { ...weights, b: randomTensor(3) } },
  ],
  [
    'Gemm "y": transA is only supported for a constant',
    {
      inputs: { x: ['batch', 4] },
      nodes: [node('Gemm', ['x', 'w'], ['y'], { transA: int(1) })],
      tensors: { w: randomTensor(4, 2) },
    },
  ],
  ['Clip "y": "x" (input 1) must be a constant', { nodes: [node('Clip', ['x', 'x'], ['y'])] }],
  [
    'Resize "y": mode "cubic" is not supported',
    {
      nodes: [node('Resize', ['x', '', 's'], ['y'], { mode: text('cubic') })],
      tensors: { s: float32([4], [1, 1, 2, 2]) },
    },
  ],
  [
    'Resize "y": scales [1,2,2,2] are not supported',
    { nodes: [node('Resize', ['x', '', 's'], ['y'])], tensors: { s: float32([4], [1, 2, 2, 2]) } },
  ],
  ['Conv "y": input 1 is missing', { nodes: [node('Conv', ['x'], ['y'])] }],
  ['Add "y": input 1 is missing', { nodes: [node('Add', ['x'], ['y'])] }],
  ['MatMul "y": input 1 is missing', { nodes: [node('MatMul', ['x', ''], ['y'])] }],
  ['Sigmoid "y": input 0 is missing', { nodes: [node('Sigmoid', [], ['y'])] }],
  ['Identity "y": input 0 is missing', { nodes: [node('Identity', [], ['y'])] }],
  ['Add "y": it has 3 inputs, and takes 2', { nodes: [node('Add', ['x', 'x', 'x'], ['y'])] }],
  [
    'Conv "y": its tensor "w" holds NaN (element 2)',
    {
      nodes: [node('Conv', ['x', 'w'], ['y'])],
      tensors: { w: float32([1, 4, 1, 1], [1, 2, Number.NaN, 4]) },
    },
  ],
  [
    'Mul "y": its tensor "w" holds -Infinity (element 0)',
    { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: float32([], [Number.NEGATIVE_INFINITY]) } },
  ],
  [
    'tensor "w" of shape [4,1,1] needs 16 bytes, the file has 12',
    { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: { ...float32([4, 1, 1], [1, 2, 3]) } } },
  ],
  [
    'tensor "w" of shape [3] needs 3 values, the file has 2',
    { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: int64([1, 2], [3]) } },
  ],
  [
    'tensor "w" has 100000 axes; at most 16 are read',
    {
      nodes: [node('Mul', ['x', 'w'], ['y'])],
      tensors: { w: float32(new Array<number>(100_000).fill(1), [1]) },
    },
  ],
  [
    'tensor "w" does not say of which type it is',
    { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: { dims: [1n] } } },
  ],
  ['input "x" is untyped', { inputType: DataType.UNDEFINED, nodes: relu }],
  [
    'BatchNormalization "y": "v" has shape [4], but its input has no channels',
    {
      inputs: { x: ['batch'] },
      nodes: [node('BatchNormalization', ['x', 'v', 'v', 'v', 'v'], ['y'])],
      tensors: { v: randomTensor(4) },
    },
  ],
  [
    'tensor "w" is of type string',
    { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: { dataType: DataType.STRING } } },
  ],
];

test.each(refusals)('refuses: %s', (message, file) => {
  const reading = () => read(file);
  expect(reading).toThrow(InputError);
  expect(reading).toThrow(`net.onnx: ${message}`);
});

test('a transposed constant operand of Gemm is folded', async () => {
  const network = await expectSameNetwork(
    onnxFile({
      inputs: { x: ['batch', 3] },
      nodes: [node('Gemm', ['a', 'b'], ['w'], { transA: int(1) }), node('Gemm', ['x', 'w'], ['y'])],
      tensors: { a: randomTensor(4, 3), b: randomTensor(4, 2) },
    }),
  );
  expect(network.nodes.map(({ op }) => op)).toEqual(['Gemm', 'Gemm']);
});

test('the order of nodes and initialisers does not matter', () => {
  const nodes = [
    node('Relu', ['x'], ['a'], {}, 'one'),
    node('Neg', ['x'], ['b'], {}, 'two'),
    node('Add', ['a', 'b'], ['y'], {}, 'three'),
  ];
  const hashes = [nodes, nodes.toReversed()].map((order) =>
    networkHash(read({ nodes: order, outputs: ['y'] }).network),
  );
  expect(hashes[0]).toBe(hashes[1]);
});
