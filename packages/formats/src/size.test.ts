import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { expect, test } from 'vitest';
import { encodeOnnx } from './onnx/encode.ts';
import { checkFileSize } from './size.ts';

/** Of such extents; its values are not there. */
function network(...dims: number[][]): Network {
  const constants = dims.map((each, i) => [`w${i}`, { dims: each, data: new Float32Array(0) }] as const);
  return { name: 'big', inputs: [], outputs: [], nodes: [], constants: new Map(constants) };
}

test('tensors that no ONNX file holds are refused, all of them together', () => {
  const half = [2 ** 28];
  expect(() => checkFileSize(network(half))).not.toThrow();
  expect(() => checkFileSize(network(half, half))).toThrow(InputError);
  expect(() => checkFileSize(network(half, half), 0.9)).not.toThrow();
  expect(() => encodeOnnx(network(half, half))).toThrow(
    'the tensors of network "big": 2.0 GB, and networks are run and written as one ONNX file, which holds 1.9 GB of them',
  );
});
