import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FloatTensor, type Shape, sizeOf } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { Random } from '../../network/test/random.ts';

/** A node of a graph as its JSON has it. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

export interface TfWeight {
  readonly shape: Shape;
  readonly dtype: 'bool' | 'float32' | 'int32';
  readonly bytes: Uint8Array;
  readonly quantization?: object;
}

export interface GraphModel {
  readonly nodes: readonly TfNode[];
  readonly weights?: Readonly<Record<string, TfWeight>>;
  /** Default: `x`, a picture of 8 x 8 pixels and 4 channels. -1 stands for an open extent. */
  readonly inputs?: Readonly<Record<string, { readonly shape: Shape; readonly type?: string }>>;
  /** Default: `y`. */
  readonly outputs?: readonly string[];
  /** How long a shard may be. Default: there is one. */
  readonly shardBytes?: number;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Attributes. */
export const i = (value: number) => ({ i: String(value) });
export const f = (value: number) => ({ f: value });
export const b = (value: boolean) => ({ b: value });
export const s = (value: string) => ({ s: base64(value) });
export const type = (value: string) => ({ type: value });
export const is = (...values: number[]) => ({ list: { i: values.map(String) } });
export const ss = (...values: string[]) => ({ list: { s: values.map(base64) } });

export function tfNode(
  op: string,
  input: readonly string[],
  name: string,
  attr: TfNode['attr'] = {},
): TfNode {
  return { name, op, input, attr };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Weights. */
export function floats(shape: Shape, data: readonly number[]): TfWeight {
  return { shape, dtype: 'float32', bytes: bytesOf(Float32Array.from(data)) };
}

let seed = 1;

/** The same weights in a test file whatever was drawn before it: files of one process share this module. */
export function drawAnew(): void {
  seed = 1;
}

export function random(...shape: number[]): TfWeight {
  return floats(shape, [...new Random(seed++).values(sizeOf(shape), 1)]);
}

export function int32s(values: readonly number[], shape: Shape = [values.length]): TfWeight {
  return { shape, dtype: 'int32', bytes: bytesOf(Int32Array.from(values)) };
}

/** Kept as whole numbers of this type, with a scale. */
export function scaled(weight: TfWeight, dtype: 'uint8' | 'uint16'): TfWeight {
  const values = new Float32Array(new Uint8Array(weight.bytes).buffer);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const scale = (high - low) / (dtype === 'uint8' ? 255 : 65_535);
  const steps = Array.from(values, (value) => Math.round((value - low) / scale));
  const bytes = dtype === 'uint8' ? Uint8Array.from(steps) : bytesOf(Uint16Array.from(steps));
  return { ...weight, bytes, quantization: { dtype, scale, min: low, original_dtype: 'float32' } };
}

/** A model.json and its shards. */
export function graphFiles(model: GraphModel) {
  const { nodes, weights = {}, inputs = { x: { shape: [-1, 8, 8, 4] } }, outputs = ['y'] } = model;
  const dim = (shape: Shape) => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const constants = Object.entries(weights).map(([name, { dtype, shape }]) => {
    const own = { bool: 'DT_BOOL', float32: 'DT_FLOAT', int32: 'DT_INT32' }[dtype];
    return tfNode('Const', [], name, {
      dtype: type(own),
      value: { tensor: { dtype: own, tensorShape: dim(shape) } },
    });
  });
  const placeholders = Object.entries(inputs).map(([name, { shape, type: own = 'DT_FLOAT' }]) =>
    tfNode('Placeholder', [], name, { dtype: type(own), shape: { shape: dim(shape) } }),
  );
  const data = Buffer.concat(Object.values(weights).map(({ bytes }) => bytes));
  const length = model.shardBytes ?? Math.max(1, data.length);
  const shards = Array.from({ length: Math.max(1, Math.ceil(data.length / length)) }, (_, at) =>
    data.subarray(at * length, (at + 1) * length),
  );
  const paths = shards.map((_, at) => `group1-shard${at + 1}of${shards.length}.bin`);
  const signature = {
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, type: own = 'DT_FLOAT' }]) => [
        name,
        { name: `${name}:0`, dtype: own, tensorShape: dim(shape) },
      ]),
    ),
    outputs: Object.fromEntries(
      outputs.map((name) => [name, { name: name.includes(':') ? name : `${name}:0` }]),
    ),
  };
  const json = {
    format: 'graph-model',
    generatedBy: 'test',
    convertedBy: 'nobody',
    signature,
    modelTopology: { node: [...placeholders, ...constants, ...nodes], versions: {} },
    weightsManifest: [
      {
        paths,
        weights: Object.entries(weights).map(([name, { bytes: _, ...spec }]) => ({
          name,
          ...spec,
          shape: [...spec.shape],
        })),
      },
    ],
  };
  return {
    json: structuredClone(json),
    shards: new Map(shards.map((bytes, at) => [paths[at] ?? '', bytes])),
  };
}

/** Writes the files and returns the path of the model.json. */
export async function writeGraph(folder: string, model: GraphModel): Promise<string> {
  const { json, shards } = graphFiles(model);
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of shards) await writeFile(join(folder, name), bytes);
  const path = join(folder, 'model.json');
  await writeFile(path, JSON.stringify(json));
  return path;
}

interface Artifacts {
  readonly json: object;
  readonly weightSpecs: readonly object[];
  readonly weightData: Uint8Array;
}

/** What TensorFlow.js computes, by output. Types: int32 inputs are told by `whole`. The backend must be there. */
export async function runGraph(
  { json, weightSpecs, weightData }: Artifacts,
  inputs: Readonly<Record<string, FloatTensor>>,
  outputs: readonly string[],
  whole: ReadonlySet<string> = new Set(),
  backend: 'cpu' | 'wasm' = 'cpu',
): Promise<Map<string, FloatTensor>> {
  tf.enableProdMode();
  await tf.setBackend(backend);
  const data = new Uint8Array(weightData).buffer;
  const artifacts = { ...json, weightSpecs: [...weightSpecs], weightData: data } as tf.io.ModelArtifacts;
  const model = await tf.loadGraphModel({ load: async () => artifacts });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { dims, data: values }]) => [
      name,
      tf.tensor(values, [...dims], whole.has(name) ? 'int32' : 'float32'),
    ]),
  );
  try {
    const results = await model.executeAsync(feeds, [...outputs]);
    const all = Array.isArray(results) ? results : [results];
    const values = new Map<string, FloatTensor>();
    for (const [at, tensor] of all.entries()) {
      const numbers = Float32Array.from(await tensor.data());
      values.set(outputs[at] ?? '', { dims: tensor.shape, data: numbers });
    }
    return values;
  } finally {
    model.dispose();
  }
}

/** By the norm: what other orders of adding come to. */
export function isSame(a: FloatTensor, other: FloatTensor): boolean {
  let [difference, norm] = [0, 0];
  a.data.forEach((value, at) => {
    difference += (value - (other.data[at] ?? Number.NaN)) ** 2;
    norm += value ** 2;
  });
  const within = 1e-4 * Math.sqrt(norm) + 1e-5 * Math.sqrt(a.data.length);
  return `${a.dims}` === `${other.dims}` && Math.sqrt(difference) <= within;
}
