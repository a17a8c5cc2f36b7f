import { firstLineOf } from '@espalier/errors';
import {
  type FloatTensor,
  fromBfloat16,
  fromFloat16,
  type Network,
  sizeOf,
  toFloat16,
} from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { randomInputs } from './measure/random-inputs.ts';
import { loadOnnxRuntime, openOnnxRuntime } from './onnxruntime.ts';
import { createSession } from './onnxruntime-session.ts';

/** Largest difference of an output, by the norm: what other orders of adding come to, and what half precision does. */
const WITHIN = { single: 1e-3, half: 5e-2 };

type Runtime = typeof OnnxRuntime;
type Session = OnnxRuntime.InferenceSession;

/**
 * Runs an ONNX file and the network that it holds on the same random images, as far as they have the same inputs and
 * outputs.
 *
 * @param set inputs of the file alone, filled with one number
 * @returns what is wrong with the file: that it does not run, or another output; undefined: nothing
 */
export async function checkFile(
  file: Uint8Array,
  network: Network,
  set: Readonly<Record<string, number>> = {},
): Promise<string | undefined> {
  const ort = await loadOnnxRuntime();
  const engine = await openOnnxRuntime({}, 'checks a file');
  try {
    const session = await createSession(ort, file, 'run it', {});
    try {
      const own = session.inputMetadata.filter(({ name }) => !(name in set));
      // One that begins at an inner value cannot be given to the file.
      if (own.some(({ name }) => network.inputs.every((input) => input.name !== name))) return undefined;
      const images = imagesOf(session, network);
      const executable = await engine.compile(network, { keepMemory: false });
      const given = { ...images, ...filled(session, set) };
      const found = await session.run(feeds(ort, session, given));
      const expected = await executable.run(images);
      const common = network.outputs.filter((name) => session.outputNames.includes(name));
      return common.flatMap((name) => misfit(name, found[name], expected[name], network) ?? [])[0];
    } finally {
      await session.release();
    }
  } catch (error) {
    return firstLineOf(error);
  } finally {
    await engine.dispose();
  }
}

/** What both can be given: as many images as the file takes, of numbers that its types have. */
function imagesOf({ inputMetadata }: Session, network: Network): Record<string, FloatTensor> {
  const metadata = new Map(inputMetadata.map((input) => [input.name, input]));
  const batches = network.inputs.flatMap(({ name, shape }) => {
    const input = metadata.get(name);
    const extent = input?.isTensor ? input.shape[shape.indexOf(-1)] : undefined;
    return typeof extent === 'number' && extent > 0 ? [extent] : [];
  });
  const images = randomInputs(network, batches[0] ?? 1);
  return Object.fromEntries(
    Object.entries(images).map(([name, { dims, data }]) => {
      const input = metadata.get(name);
      return [name, { dims, data: data.map(roundings[input?.isTensor ? input.type : 'float32'] ?? same) }];
    }),
  );
}

function filled(
  { inputMetadata }: Session,
  set: Readonly<Record<string, number>>,
): Record<string, FloatTensor> {
  return Object.fromEntries(
    inputMetadata.flatMap((input) => {
      const value = set[input.name];
      if (value === undefined || !input.isTensor) return [];
      const dims = input.shape.map((extent) => (typeof extent === 'number' && extent > 0 ? extent : 1));
      return [[input.name, { dims, data: new Float32Array(sizeOf(dims)).fill(value) }]];
    }),
  );
}

const same = (value: number) => value;
const roundings: Readonly<Record<string, (value: number) => number>> = {
  float16: (value) => fromFloat16(toFloat16(value)),
  uint8: (value) => Math.min(255, Math.abs(Math.round(value * 100))),
};

function feeds(ort: Runtime, { inputMetadata }: Session, images: Readonly<Record<string, FloatTensor>>) {
  return Object.fromEntries(
    inputMetadata.map((input) => {
      const { name } = input;
      const image = images[name];
      if (!image || !input.isTensor) throw new Error(`its input "${name}" is none of the network's`);
      const { data, dims } = image;
      if (input.type === 'float16')
        return [name, new ort.Tensor('float16', Uint16Array.from(data, toFloat16), dims)];
      if (input.type === 'float64') return [name, new ort.Tensor('float64', Float64Array.from(data), dims)];
      if (input.type === 'uint8') return [name, new ort.Tensor('uint8', Uint8Array.from(data), dims)];
      return [name, new ort.Tensor('float32', data, dims)];
    }),
  );
}

function misfit(
  name: string,
  own: OnnxRuntime.OnnxValue | undefined,
  expected: FloatTensor | undefined,
  { stored = new Map() }: Network,
): string | undefined {
  const values = own && 'data' in own ? floatsOf(own.data, own.type) : undefined;
  if (!own || !expected || !('dims' in own)) return `it has no output "${name}"`;
  // A decision: what is before it is not told.
  if (!values) return undefined;
  if (`${own.dims}` !== `${expected.dims}`) {
    return `its output "${name}" has shape [${own.dims}], the network's [${expected.dims}]`;
  }
  const isHalf = [...stored.values()].some((type) => type === 'float16' || type === 'bfloat16');
  const difference = relativeDifference(values, expected.data);
  if (difference <= (isHalf ? WITHIN.half : WITHIN.single)) return undefined;
  return `its output "${name}" differs from the network's by ${difference.toPrecision(2)} of it`;
}

function floatsOf(data: OnnxRuntime.Tensor.DataType, type: string): ArrayLike<number> | undefined {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (!(data instanceof Uint16Array)) return undefined;
  return Float32Array.from(data, type === 'bfloat16' ? fromBfloat16 : fromFloat16);
}

/** By the norm; not a number where one of them is not. */
function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? Number.NaN) - (b[i] ?? 0)) ** 2;
    norm += (b[i] ?? 0) ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / Math.max(norm, Number.MIN_VALUE));
}
