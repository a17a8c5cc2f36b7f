import { describe, expect, test } from 'vitest';
import {
  DataType,
  float,
  int,
  int64,
  ints,
  node,
  onnxFile,
  randomTensor,
  scalar,
  tensor,
} from '../../test/onnx-file.ts';
import { expectImagesApart, expectSameNetwork } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';

const cast = (type: number) => ({ to: int(type) });

describe('arithmetic on shapes leaves nothing behind', () => {
  test('x.view(x.size(0), -1) as PyTorch spells it', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        opset: 13,
        nodes: [
          node('Shape', ['x'], ['shape']),
          node('Constant', [], ['zero'], { value: tensor(int64([0], [])) }),
          node('Gather', ['shape', 'zero'], ['n'], { axis: int(0) }),
          node('Constant', [], ['rest'], { value: tensor(int64([-1])) }),
          node('Constant', [], ['first'], { value: tensor(int64([0])) }),
          node('Unsqueeze', ['n', 'first'], ['list']),
          node('Concat', ['list', 'rest'], ['target'], { axis: int(0) }),
          node('Reshape', ['x', 'target'], ['y']),
        ],
      }),
    );
    expect(network.nodes).toEqual([
      { name: 'y', op: 'Reshape', inputs: ['x'], outputs: ['y'], attributes: { shape: [-1, 144] } },
    ]);
    expect(network.constants.size).toBe(0);
  });

  test('half of the channels: floor, casts, and a slice', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Shape', ['x'], ['channels'], { start: int(1), end: int(2) }),
          node('Cast', ['channels'], ['float'], cast(DataType.FLOAT)),
          node('Div', ['float', 'two'], ['halves']),
          node('Floor', ['halves'], ['floor']),
          node('Cast', ['floor'], ['half'], cast(DataType.INT64)),
          node('Mul', ['half', 'parts'], ['end']),
          node('Slice', ['x', 'half', 'end', 'axis'], ['y']),
        ],
        tensors: { two: scalar(2.5), parts: int64([3]), axis: int64([1]) },
      }),
    );
    expect(network.nodes[0]?.attributes).toEqual({ axes: [1], starts: [1], ends: [3], steps: [1] });
  });

  test('rows of all images and pixels together follow the batch', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Transpose', ['x'], ['t'], { perm: ints(0, 2, 3, 1) }),
          node('Shape', ['t'], ['shape']),
          node('Slice', ['shape', 'from', 'to'], ['head']),
          node('ReduceProd', ['head'], ['rows'], { keepdims: int(1) }),
          node('Concat', ['rows', 'four'], ['flat'], { axis: int(0) }),
          node('Reshape', ['t', 'flat'], ['f']),
          node('MatMul', ['f', 'w'], ['m']),
          node('Reshape', ['m', 'shape'], ['y']),
        ],
        tensors: { from: int64([0]), to: int64([3]), four: int64([4]), w: randomTensor(4, 4) },
      }),
    );
    const shapes = network.nodes.flatMap(({ op, attributes }) =>
      op === 'Reshape' ? [attributes.shape] : [],
    );
    expect(shapes).toEqual([
      [-1, 4],
      [-1, 6, 6, 4],
    ]);
  });

  test("PyTorch's pads: zeros, a concatenation, a reversed slice, a transpose", async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('ConstantOfShape', ['count'], ['zeros'], { value: tensor(int64([0])) }),
          node('Concat', ['given', 'zeros'], ['all'], { axis: int(0) }),
          node('Reshape', ['all', 'pairs'], ['table']),
          node('Slice', ['table', 'last', 'least', 'axis0', 'back'], ['reversed']),
          node('Transpose', ['reversed'], ['columns'], { perm: ints(1, 0) }),
          node('Reshape', ['columns', 'flat'], ['list']),
          node('Cast', ['list'], ['pads'], cast(DataType.INT64)),
          node('Pad', ['x', 'pads', 'value'], ['y']),
        ],
        tensors: {
          count: int64([4]),
          given: int64([1, 0, 2, 3]),
          pairs: int64([-1, 2]),
          last: int64([-1]),
          least: int64([-(2 ** 62)]),
          axis0: int64([0]),
          back: int64([-1]),
          flat: int64([-1]),
          value: scalar(0),
        },
      }),
    );
    expect(network.nodes[0]?.attributes.pads).toEqual([0, 0, 2, 1, 0, 0, 3, 0]);
  });

  test('a reshape by Where, Equal, Range and Expand', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Shape', ['x'], ['shape']),
          node('Size', ['x'], ['size']),
          node('Range', ['zero', 'four', 'one'], ['places']),
          node('Equal', ['places', 'two'], ['isTwo']),
          node('Expand', ['minus', 'list'], ['minuses']),
          node('Where', ['isTwo', 'minuses', 'shape'], ['target']),
          node('Reshape', ['x', 'target'], ['r']),
          node('Relu', ['r'], ['y']),
        ],
        tensors: {
          zero: int64([0], []),
          four: int64([4], []),
          one: int64([1], []),
          two: int64([2], []),
          minus: int64([-1]),
          list: int64([4]),
        },
      }),
    );
    expect(network.nodes.map(({ op }) => op)).toEqual(['Relu']);
  });

  test('a resize to twice the height and width', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        nodes: [
          node('Shape', ['x'], ['shape']),
          node('Slice', ['shape', 'zero', 'two'], ['head']),
          node('Slice', ['shape', 'two', 'four'], ['space']),
          node('Add', ['space', 'space'], ['doubled']),
          node('Concat', ['head', 'doubled'], ['sizes'], { axis: int(0) }),
          node('Resize', ['x', '', '', 'sizes'], ['y']),
        ],
        tensors: { zero: int64([0]), two: int64([2]), four: int64([4]) },
      }),
    );
    expect(network.nodes[0]?.attributes.scales).toEqual([1, 1, 2, 2]);
  });

  test('arithmetic on weights is done while reading', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: ['batch', 6] },
        nodes: [
          node('ReduceL2', ['v'], ['norm'], { axes: ints(0), keepdims: int(1) }),
          node('Div', ['v', 'norm'], ['unit']),
          node('Mul', ['unit', 'g'], ['scaled']),
          node('Transpose', ['scaled'], ['w']),
          node('Gemm', ['x', 'w', 'b'], ['y'], { transB: int(1), alpha: float(0.5) }),
        ],
        tensors: { v: randomTensor(6, 3), g: randomTensor(1, 3), b: randomTensor(3) },
      }),
    );
    expect(network.nodes.map(({ op }) => op)).toEqual(['Gemm']);
    expect([...network.constants.keys()]).toEqual(['w', 'b']);
  });
});

describe('files that were exported for one batch size', () => {
  test('reshapes with a literal batch of 1 follow the batch', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: [1, 4, 6, 6] },
        nodes: [
          node('Reshape', ['x', 'split'], ['s']),
          node('Relu', ['s'], ['r']),
          node('Reshape', ['r', 'back'], ['b']),
          node('GlobalAveragePool', ['b'], ['p']),
          node('Reshape', ['p', 'flat'], ['f']),
          node('Gemm', ['f', 'w'], ['y']),
        ],
        tensors: {
          split: int64([1, 2, 2, 6, 6]),
          back: int64([1, -1, 6, 6]),
          flat: int64([1, -1]),
          w: randomTensor(4, 3),
        },
      }),
      { batches: [1] },
    );
    expect(network.inputs).toEqual([{ name: 'x', shape: [-1, 4, 6, 6] }]);
    await expectImagesApart(network);
  });

  test('a batch inside of other axes follows it too', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: [2, 4, 6, 6] },
        nodes: [
          node('Transpose', ['x'], ['t'], { perm: ints(0, 2, 3, 1) }),
          node('Reshape', ['t', 'rows'], ['f']),
          node('MatMul', ['f', 'w'], ['m']),
          node('Reshape', ['m', 'pixels'], ['n']),
          node('Transpose', ['n'], ['y'], { perm: ints(0, 3, 1, 2) }),
        ],
        tensors: { rows: int64([72, 4]), pixels: int64([2, 6, 6, 3]), w: randomTensor(4, 3) },
      }),
      { batches: [2] },
    );
    await expectImagesApart(network);
  });

  test('sizes of a resize and of an expand keep the batch', async () => {
    const network = await expectSameNetwork(
      onnxFile({
        inputs: { x: [1, 4, 6, 6] },
        nodes: [
          node('Resize', ['x', '', '', 'sizes'], ['r']),
          node('GlobalAveragePool', ['r'], ['p']),
          node('Expand', ['p', 'shape'], ['e']),
          node('Mul', ['r', 'e'], ['y']),
        ],
        tensors: { sizes: int64([1, 4, 9, 12]), shape: int64([1, 4, 9, 12]) },
      }),
      { batches: [1] },
    );
    await expectImagesApart(network);
  });
});

const TENSORS = {
  w: randomTensor(1, 4, 6, 6),
  zero: int64([0], []),
  four: int64([4], []),
  large: int64([100_000, 100_000]),
};

test.each([
  [
    'Mul "y": its operand "float" depends on the batch size',
    [
      node('Shape', ['x'], ['n'], { end: int(1) }),
      node('Cast', ['n'], ['float'], cast(DataType.FLOAT)),
      node('Mul', ['x', 'float'], ['y']),
    ],
  ],
  [
    'Expand "e": it repeats values along axis 0 as often as the batch has images',
    [
      node('ReduceMean', ['w'], ['unused'], { axes: ints(0) }),
      node('Relu', ['w'], ['r']),
      node('Shape', ['x'], ['shape']),
      node('Expand', ['r', 'shape'], ['e']),
      node('Add', ['e', 'x'], ['y']),
    ],
  ],
])('reads for one image what several would be mixed by: %s', async (message, nodes) => {
  const { warnings } = await decodeOnnx(onnxFile({ nodes, tensors: TENSORS }), { name: 'net.onnx' });
  expect(warnings.at(-1)).toContain(message);
});

test.each([
  [
    'Range "r": a range in steps of 0 has no end',
    [node('Range', ['zero', 'four', 'zero'], ['r']), node('Reshape', ['x', 'r'], ['y'])],
  ],
  [
    'ConstantOfShape "huge": a constant of shape [100000,100000] is too large to be computed',
    [node('ConstantOfShape', ['large'], ['huge']), node('Add', ['x', 'huge'], ['y'])],
  ],
])('refuses: %s', async (message, nodes) => {
  const bytes = onnxFile({ nodes, tensors: TENSORS });
  await expect(decodeOnnx(bytes, { name: 'net.onnx' })).rejects.toThrow(`net.onnx: ${message}`);
});
