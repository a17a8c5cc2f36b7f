import { networkHash } from '@espalier/network';
import { expect, test } from 'vitest';
import {
  float32,
  int,
  int64,
  ints,
  node,
  type OnnxFile,
  onnxFile,
  randomTensor,
} from '../../test/onnx-file.ts';
import { randomInputs, runOnnx } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';
import { encodeOnnx } from './encode.ts';
import { patchOnnx } from './patch/index.ts';

const conv = node('Conv', ['x', 'w'], ['a'], { pads: ints(1, 1, 1, 1) });
const w = randomTensor(8, 4, 3, 3);

/** Each mixes what several images would be, and is right for one. */
const single: readonly (readonly [what: string, file: OnnxFile, why: string])[] = [
  [
    'a picked first image',
    { nodes: [conv, node('Gather', ['a', 'i'], ['y'])], tensors: { w, i: int64([0], []) } },
    'Gather "y": it works along axis 0, which depends on the batch',
  ],
  [
    'a reduction over all axes',
    { nodes: [conv, node('ReduceMean', ['a'], ['y'])], tensors: { w } },
    'ReduceMean "y": it works along axis 0',
  ],
  [
    'a constant of pairs beside the images',
    {
      nodes: [conv, node('Reshape', ['a', 's'], ['r']), node('Concat', ['r', 'k'], ['y'], { axis: int(0) })],
      tensors: { w, s: int64([-1, 36]), k: randomTensor(2, 36) },
    },
    'Concat "y":',
  ],
  [
    'indices of one image that are added to those of all',
    {
      nodes: [
        node('Cast', ['x'], ['whole'], { to: int(7) }),
        node('Reshape', ['whole', 'flat'], ['r']),
        node('Add', ['r', 'k'], ['sum']),
        node('Cast', ['sum'], ['float'], { to: int(1) }),
        node('Reshape', ['float', 's'], ['x2']),
        node('Conv', ['x2', 'w'], ['y']),
      ],
      tensors: {
        w,
        flat: int64([-1]),
        s: int64([-1, 4, 6, 6]),
        k: int64(Array.from({ length: 144 }, (_, i) => i)),
      },
    },
    'Add "sum": it has no rule here',
  ],
  [
    'a product of all images that surgery has no rule for',
    {
      nodes: [conv, node('ReduceProd', ['a'], ['p'], { axes: ints(0) }), node('Add', ['a', 'p'], ['y'])],
      tensors: { w },
    },
    'ReduceProd "p": its output does not depend on the batch',
  ],
];

test.each(single)('%s: the file is read for one image', async (_what, file, why) => {
  const bytes = onnxFile(file);
  const { network, warnings } = await decodeOnnx(bytes, { name: 'net.onnx' });
  expect(network.inputs.map(({ shape }) => shape)).toEqual([[1, 4, 6, 6]]);
  expect(warnings.at(-1)).toContain('it is read for one image at a time, since it would mix several: ');
  expect(warnings.at(-1)).toContain(why);
  expect(warnings.join()).not.toMatch(/1009|7919/);
  const inputs = randomInputs(network, 1);
  const [own, expected] = [await runOnnx(encodeOnnx(network), inputs), await runOnnx(bytes, inputs)];
  expect(own.get('y')?.dims).toEqual(expected.get('y')?.dims);
  expected.get('y')?.data.forEach((value, i) => {
    expect(own.get('y')?.data[i]).toBeCloseTo(value, 4);
  });
  // As open as it was, whatever it is read for.
  const patched = await patchOnnx(bytes, { name: 'net.onnx' }, network);
  expect(Buffer.from(patched.bytes).equals(Buffer.from(bytes))).toBe(true);
});

test('one that was made for several images is none for one', async () => {
  const bytes = onnxFile({
    inputs: { x: [2, 4, 6, 6] },
    nodes: [conv, node('ReduceMean', ['a'], ['y'])],
    tensors: { w },
  });
  await expect(decodeOnnx(bytes, { name: 'net.onnx' })).rejects.toThrow('images must stay separate');
});

test('what is wrong with one image, too, is told as it is', async () => {
  const bytes = onnxFile({
    nodes: [node('Conv', ['x', 'w'], ['y'])],
    tensors: { w: randomTensor(8, 5, 3, 3) },
  });
  await expect(decodeOnnx(bytes, { name: 'net.onnx' })).rejects.toThrow(/net\.onnx: Conv "y"/);
});

test('images come first among several inputs, and the others keep their order', async () => {
  const bytes = onnxFile({
    inputs: { before: ['n', 8, 6, 6], x: ['n', 3, 6, 6], factor: [1] },
    nodes: [
      node('Conv', ['x', 'w'], ['a'], { pads: ints(1, 1, 1, 1) }),
      node('Add', ['a', 'before'], ['b']),
      node('Mul', ['b', 'factor'], ['y']),
    ],
    tensors: { w: randomTensor(8, 3, 3, 3), zero: float32([1], [0]) },
  });
  const { network } = await decodeOnnx(bytes, { name: 'net.onnx' });
  expect(network.inputs.map(({ name }) => name)).toEqual(['x', 'before', 'factor']);
  const { bytes: written } = await patchOnnx(bytes, { name: 'net.onnx' }, network);
  const inputs = randomInputs(network, 2);
  const [own, expected] = [await runOnnx(written, inputs), await runOnnx(bytes, inputs)];
  expect(own.get('y')?.data).toEqual(expected.get('y')?.data);
  expect(networkHash((await decodeOnnx(written, { name: 'net.onnx' })).network)).toBe(networkHash(network));
});
