import { type FloatTensor, type Network, networkHash, type Shape, sizeOf } from '@espalier/network';
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { Random } from '../../network/test/random.ts';
import { decodeOnnx, encodeOnnx } from '../src/index.ts';

const floats = (data: Float32Array, dims: Shape): ort.Tensor => new ort.Tensor('float32', data, dims);
const feedOf: Readonly<Record<string, typeof floats>> & { readonly float32: typeof floats } = {
  float32: floats,
  int32: (data, dims) => new ort.Tensor('int32', Int32Array.from(data), dims),
  uint8: (data, dims) => new ort.Tensor('uint8', Uint8ClampedArray.from(data), dims),
};

/** What ONNX Runtime computes from a file, by output name. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, FloatTensor>>,
): Promise<Map<string, FloatTensor>> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  try {
    const types = new Map(session.inputMetadata.map((told) => [told.name, told.isTensor ? told.type : '']));
    const feeds = Object.entries(inputs).map(([name, { dims, data }]) => [
      name,
      (feedOf[types.get(name) ?? ''] ?? feedOf.float32)(data, dims),
    ]);
    const results = await session.run(Object.fromEntries(feeds));
    return new Map(
      Object.entries(results).map(([name, { dims, data }]) => [
        name,
        { dims, data: Float32Array.from(data as Float32Array, Number) },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** Random images for every input of a network. */
export function randomInputs(network: Network, batch: number, seed = 1): Record<string, FloatTensor> {
  const random = new Random(seed);
  return Object.fromEntries(
    network.inputs.map(({ name, shape, type }) => {
      const dims = shape.map((extent) => (extent === -1 ? batch : extent));
      return [name, { dims, data: random.values(sizeOf(dims), type ? 200 : 1) }];
    }),
  );
}

/** Largest difference between two results, relative to the largest value of the first. */
function relativeDifference(a: FloatTensor, b: FloatTensor): number {
  let [difference, largest] = [0, 0];
  a.data.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - (b.data[i] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / Math.max(largest, 1e-30);
}

/**
 * Reads a file and checks that what was read computes the same: what we write of it gives the outputs of
 * the file itself in ONNX Runtime, and reading that again gives the same network.
 */
export async function expectSameNetwork(
  bytes: Uint8Array,
  { batches = [1, 3] }: { batches?: readonly number[] } = {},
): Promise<Network> {
  const { network } = await decodeOnnx(bytes, { name: 'model.onnx' });
  const written = encodeOnnx(network);
  const { network: again } = await decodeOnnx(written, { name: 'written.onnx' });
  expect(networkHash(again)).toBe(networkHash(network));
  for (const batch of batches) {
    const inputs = randomInputs(network, batch);
    const [expected, actual] = [await runOnnx(bytes, inputs), await runOnnx(written, inputs)];
    for (const output of network.tail?.outputs ?? network.outputs) {
      const [a, b] = [expected.get(output), actual.get(output)];
      if (!a || !b) throw new Error(`output "${output}" is missing`);
      expect(b.dims).toEqual(a.dims);
      expect(a.data.length).toBeGreaterThan(0);
      expect(relativeDifference(a, b)).toBeLessThanOrEqual(1e-4);
    }
  }
  return network;
}

/** Of a file that was made for one batch size: two images at once give what each gives alone. */
export async function expectImagesApart(network: Network): Promise<void> {
  const written = encodeOnnx(network);
  const [one, two] = [randomInputs(network, 1, 1), randomInputs(network, 1, 2)];
  const both = Object.fromEntries(
    Object.entries(one).map(([name, tensor]) => [name, stacked(tensor, two[name] ?? tensor)]),
  );
  const results = [await runOnnx(written, one), await runOnnx(written, two)];
  const together = await runOnnx(written, both);
  for (const output of network.outputs) {
    const [a, b] = results.map((result) => result.get(output));
    const joined = together.get(output);
    if (!a || !b || !joined) throw new Error(`output "${output}" is missing`);
    expect(joined.dims).toEqual(stacked(a, b).dims);
    expect(relativeDifference(stacked(a, b), joined)).toBeLessThanOrEqual(1e-4);
  }
}

function stacked(a: FloatTensor, b: FloatTensor): FloatTensor {
  const dims: Shape = [(a.dims[0] ?? 0) + (b.dims[0] ?? 0), ...a.dims.slice(1)];
  return { dims, data: Float32Array.from([...a.data, ...b.data]) };
}
