import { networkHash, supportedOperations } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import {
  DataType,
  float32,
  int,
  int64,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
} from '../../test/onnx-file.ts';
import { expectRefusal } from '../../test/refusal.ts';
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

  test('of nodes without one are made of the operation and the place', async () => {
    const nodes = [node('Relu', ['x'], ['a'], {}, ''), node('Neg', ['a'], ['y'], {}, 'Neg_1')];
    const more = [...nodes, node('Neg', ['y'], ['z'], {}, ''), node('Neg', ['z'], ['w'], {}, 'Neg_1')];
    expect((await read({ nodes: more })).network.nodes.map(({ name }) => name)).toEqual([
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
    const { network } = await read({ nodes, outputs: ['y'], tensors: { spare: randomTensor(3) } });
    expect(network.nodes.map(({ op }) => op)).toEqual(['Relu', 'Neg', 'Sigmoid']);
    expect(network.constants.size).toBe(0);
  });

  test('has no initialisers among its inputs', async () => {
    const { network } = await read({
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

  test('an input of one fixed shape beside an open one does not follow the batch', async () => {
    const { network } = await read({
      inputs: { x: ['batch', 4, 6, 6], mask: [1, 4, 1, 1] },
      nodes: [node('Mul', ['x', 'mask'], ['y'])],
    });
    expect(network.inputs[1]).toEqual({ name: 'mask', shape: [1, 4, 1, 1] });
  });

  test('domain ai.onnx is the default one', async () => {
    const named = [{ ...node('Relu', ['x'], ['y']), domain: 'ai.onnx' }];
    const { network } = await read({ nodes: named, domain: 'ai.onnx' });
    expect(network.nodes[0]?.op).toBe('Relu');
  });

  test('single precision numbers are read as the decimals they were written as', async () => {
    const nodes = [node('LeakyRelu', ['x'], ['y'], { alpha: { type: 1, f: Math.fround(0.1) } })];
    expect((await read({ nodes })).network.nodes[0]?.attributes).toEqual({ alpha: 0.1 });
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
  ])('%s becomes float32, with a warning', async (type, data) => {
    const { network, warnings } = await scaled({ ...data, dims: [6n] });
    expect([...(network.constants.get('w')?.data ?? [])]).toEqual(values.map(Math.fround));
    expect(warnings).toEqual([`1 ${type} tensor(s) were converted to float32, first "w"`]);
  });

  test('bfloat16 becomes float32', async () => {
    const { network } = await scaled({
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

  test('an input of double precision is read, with a warning', async () => {
    const { warnings } = await read({ nodes: relu, inputType: DataType.DOUBLE });
    expect(warnings).toEqual(['input "x" is double; the network takes float32']);
  });
});

const weights = { w: randomTensor(4, 4, 1, 1) };
const refusals: readonly (readonly [message: string, file: OnnxFile])[] = [
  [
    'operation set 6 of domain "ai.onnx" is not supported; export with one from 7 to 26',
    { opset: 6, nodes: relu },
  ],
  [
    'operation set 27 of domain "ai.onnx" is not supported; export with one from 7 to 26, or convert it (onnx.version_converter)',
    { opset: 27, nodes: relu },
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
    'two values have the name "a", one of them computed by Neg "second"',
    { nodes: [node('Relu', ['x'], ['a']), node('Neg', ['x'], ['a'], {}, 'second')] },
  ],
  [
    'input "x" leaves axes 2 ("height"), 3 ("width") open: give the size to use',
    { nodes: relu, inputs: { x: ['batch', 3, 'height', 'width'] } },
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
  ['tensor "w" has no type', { nodes: [node('Mul', ['x', 'w'], ['y'])], tensors: { w: { dims: [1n] } } }],
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

test.each(refusals)('refuses: %s', async (message, file) => {
  await expect(read(file)).rejects.toThrow(`net.onnx: ${message}`);
  expectRefusal(await read(file).catch((error) => error), 'net.onnx');
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

test('the order of nodes and initialisers does not matter', async () => {
  const nodes = [
    node('Relu', ['x'], ['a'], {}, 'one'),
    node('Neg', ['x'], ['b'], {}, 'two'),
    node('Add', ['a', 'b'], ['y'], {}, 'three'),
  ];
  const hashes = await Promise.all(
    [nodes, nodes.toReversed()].map(async (order) =>
      networkHash((await read({ nodes: order, outputs: ['y'] })).network),
    ),
  );
  expect(hashes[0]).toBe(hashes[1]);
});
