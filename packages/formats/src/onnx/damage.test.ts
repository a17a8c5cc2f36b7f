import { InputError } from '@espalier/errors';
import { sizeOf } from '@espalier/network';
import { expect, test } from 'vitest';
import { Random } from '../../../network/test/random.ts';
import { int, int64, ints, node, onnxFile, randomTensor, scalar } from '../../test/onnx-file.ts';
import { expectRefusal } from '../../test/refusal.ts';
import { PROBE_BATCHES } from './constant.ts';
import { decodeOnnx } from './decode.ts';
import { encodeOnnx } from './encode.ts';
import { AttributeProto_AttributeType } from './generated/onnx_pb.ts';

/** A little of everything, so that damage hits every part of the reader. */
const whole = onnxFile({
  opset: 18,
  nodes: [
    node('Conv', ['x', 'w', 'b'], ['c'], { pads: ints(1, 1, 1, 1), strides: ints(2, 2) }),
    node('Clip', ['c', 'low', 'high'], ['k']),
    node('MaxPool', ['k'], ['m'], { kernel_shape: ints(2, 2) }),
    node('Split', ['m', 'sizes'], ['s1', 's2'], { axis: int(1) }),
    node('Concat', ['s2', 's1'], ['j'], { axis: int(1) }),
    node('Pad', ['j', 'pads'], ['p']),
    node('Shape', ['p'], ['shape']),
    node('Slice', ['shape', 'zero', 'one'], ['n']),
    node('Concat', ['n', 'rest'], ['target'], { axis: int(0) }),
    node('Reshape', ['p', 'target'], ['f']),
    node('Gemm', ['f', 'g'], ['y']),
  ],
  tensors: {
    w: randomTensor(6, 4, 3, 3),
    b: randomTensor(6),
    low: scalar(0),
    high: scalar(6),
    sizes: int64([2, 4]),
    pads: int64([0, 0, 1, 0, 0, 0, 0, 1]),
    zero: int64([0]),
    one: int64([1]),
    rest: int64([-1]),
    g: randomTensor(54, 3),
  },
});

/** Reads and, if that works, writes. Everything but success and an InputError is a fault. */
async function survives(bytes: Uint8Array): Promise<'read' | 'refused'> {
  try {
    const { network } = await decodeOnnx(bytes, { name: 'damaged.onnx' });
    encodeOnnx(network);
    for (const { dims, data } of network.constants.values()) expect(data.length).toBe(sizeOf(dims));
    return 'read';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expectRefusal(error, 'damaged.onnx');
    // A damaged file may have a field of any number.
    const said = error.message.replace(/field no \d+/, '');
    for (const batch of PROBE_BATCHES) expect(said).not.toContain(`${batch}`);
    return 'refused';
  }
}

test('the model is sound before it is damaged', async () => {
  expect(await survives(whole)).toBe('read');
});

test('a model cut off anywhere is refused', async () => {
  // The last bytes are the operation set, without which the model could not be read either.
  for (let length = 0; length < whole.length; length++) {
    expect(await survives(whole.subarray(0, length))).toBe('refused');
  }
});

test('random bytes are refused', async () => {
  const random = new Random(11);
  for (let i = 0; i < 1000; i++) {
    const bytes = Uint8Array.from({ length: random.integer(0, 400) }, () => random.integer(0, 255));
    expect(await survives(bytes)).toBe('refused');
  }
});

test.each([
  ['nothing', new Uint8Array()],
  ['text', new TextEncoder().encode('{"format": "not onnx"}')],
  ['an archive', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0])],
  ['an image', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
])('%s is no ONNX model', async (_title, bytes) => {
  await expect(decodeOnnx(bytes, { name: 'file.onnx' })).rejects.toThrow(
    /^file\.onnx: not an ONNX model: .+/,
  );
});

test('numbers without an end are read and written', async () => {
  const { INT } = AttributeProto_AttributeType;
  for (const i of [2n ** 63n - 1n, -(2n ** 63n)]) {
    const file = onnxFile({
      inputs: { x: ['batch', 4] },
      nodes: [node('Gemm', ['x', 'w'], ['y'], { transB: { type: INT, i } })],
      tensors: { w: randomTensor(2, 4) },
    });
    expect(await survives(file)).toBe('read');
  }
});

/** Thousands of models (`npm run test:abuse -- files` has no end), on a machine that may be busy. */
const THOUSANDS_MS = 120_000;

test('a model with a few wrong bytes is read or refused, never worse', {
  timeout: THOUSANDS_MS,
}, async () => {
  const random = new Random(5);
  const seen = { read: 0, refused: 0 };
  for (let i = 0; i < 2000; i++) {
    const bytes = whole.slice();
    for (let flips = random.integer(1, 4); flips > 0; flips--) {
      bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
    }
    seen[await survives(bytes)]++;
  }
  expect(seen.refused).toBeGreaterThan(100);
  expect(seen.read).toBeGreaterThan(100);
});

test('a model with wrong bytes in its structure is read or refused, never worse', {
  timeout: THOUSANDS_MS,
}, async () => {
  const random = new Random(6);
  const weights = whole.length - 1200;
  for (let i = 0; i < 2000; i++) {
    const bytes = whole.slice();
    bytes[random.integer(0, weights)] = random.pick([0, 1, 2, 7, 8, 127, 128, 255]);
    bytes[random.integer(0, 900)] = random.integer(0, 255);
    await survives(bytes);
  }
});
