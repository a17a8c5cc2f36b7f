import { expect, test } from 'vitest';
import { float, int, ints, node, type OnnxFile, onnxFile, randomTensor, text } from '../../test/onnx-file.ts';
import { expectSameNetwork } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';

const weights = { w: randomTensor(5, 4, 3, 2), b: randomTensor(5), t: randomTensor(4, 2, 3, 2) };
const conv = (attributes: Parameters<typeof node>[3]): OnnxFile => ({
  inputs: { x: ['batch', 4, 7, 10] },
  nodes: [node('Conv', ['x', 'w', 'b'], ['y'], attributes)],
  tensors: weights,
});
const transposed = (attributes: Parameters<typeof node>[3]): OnnxFile => ({
  inputs: { x: ['batch', 4, 5, 6] },
  nodes: [node('ConvTranspose', ['x', 't'], ['y'], attributes)],
  tensors: weights,
});
const pooled = (op: string, attributes: Parameters<typeof node>[3]): OnnxFile => ({
  inputs: { x: ['batch', 4, 7, 10] },
  nodes: [node(op, ['x'], ['y'], { kernel_shape: ints(3, 2), ...attributes })],
});

test.each([
  ['without any attribute', conv({}), [0, 0, 0, 0]],
  ['with pads', conv({ pads: ints(1, 0, 2, 1), kernel_shape: ints(3, 2) }), [1, 0, 2, 1]],
  ['SAME_UPPER', conv({ auto_pad: text('SAME_UPPER') }), [1, 0, 1, 1]],
  ['SAME_LOWER', conv({ auto_pad: text('SAME_LOWER') }), [1, 1, 1, 0]],
  ['SAME_UPPER with strides', conv({ auto_pad: text('SAME_UPPER'), strides: ints(2, 3) }), [1, 0, 1, 1]],
  ['VALID', conv({ auto_pad: text('VALID') }), [0, 0, 0, 0]],
  ['NOTSET', conv({ auto_pad: text('NOTSET'), pads: ints(1, 1, 1, 1) }), [1, 1, 1, 1]],
])('Conv %s', async (_title, file, pads) => {
  const network = await expectSameNetwork(onnxFile(file));
  expect(network.nodes[0]?.attributes).toMatchObject({ pads, group: 1 });
  expect(network.nodes[0]?.attributes).not.toHaveProperty('kernel_shape');
});

test.each([
  ['without any attribute', transposed({}), [0, 0, 0, 0]],
  ['with pads', transposed({ pads: ints(1, 0, 0, 1), strides: ints(2, 2) }), [1, 0, 0, 1]],
  ['with output padding', transposed({ strides: ints(2, 2), output_padding: ints(1, 0) }), [0, 0, 0, 0]],
  ['grouped', transposed({ group: int(2) }), [0, 0, 0, 0]],
  ['SAME_UPPER', transposed({ auto_pad: text('SAME_UPPER'), strides: ints(2, 1) }), [0, 0, 1, 1]],
  ['SAME_LOWER', transposed({ auto_pad: text('SAME_LOWER'), strides: ints(2, 1) }), [1, 1, 0, 0]],
  ['to a given size', transposed({ output_shape: ints(10, 12), strides: ints(2, 2) }), [1, 0, 0, 0]],
])('ConvTranspose %s', async (_title, file, pads) => {
  const network = await expectSameNetwork(onnxFile(file));
  expect(network.nodes[0]?.attributes).toMatchObject({ pads });
});

test.each([
  ['MaxPool', {}],
  ['MaxPool', { strides: ints(2, 2), pads: ints(1, 0, 1, 1) }],
  ['MaxPool', { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) }],
  ['MaxPool', { auto_pad: text('SAME_LOWER'), strides: ints(3, 1) }],
  ['MaxPool', { ceil_mode: int(1), strides: ints(3, 4) }],
  ['MaxPool', { dilations: ints(2, 3) }],
  ['AveragePool', {}],
  ['AveragePool', { pads: ints(1, 1, 1, 1), count_include_pad: int(1) }],
  ['AveragePool', { pads: ints(1, 1, 1, 1) }],
  ['AveragePool', { ceil_mode: int(1), strides: ints(2, 3), pads: ints(1, 0, 1, 1) }],
  ['AveragePool', { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) }],
] as const)('%s %o', async (op, attributes) => {
  await expectSameNetwork(onnxFile(pooled(op, attributes)));
});

test.each([
  ['Conv "y": attribute "strides" is [0,1], which does not fit 2 axes', conv({ strides: ints(0, 1) })],
  [
    'Conv "y": kernel_shape [3,3] does not fit its weight, which has [3,2]',
    conv({ kernel_shape: ints(3, 3) }),
  ],
  ['Conv "y": auto_pad "SAME" is not known', conv({ auto_pad: text('SAME') })],
  ['Conv "y": attribute "strides" is FLOAT, but INTS is expected', conv({ strides: float(1) })],
] as const)('refuses: %s', async (message, file) => {
  await expect(decodeOnnx(onnxFile(file), { name: 'net.onnx' })).rejects.toThrow(`net.onnx: ${message}`);
});
