import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { encodeOnnx, type ModelFormat, readNetwork } from '../src/index.ts';
import { graphFiles, int32s, is, s, ss, tfNode } from './graph-model.ts';
import { kerasFile } from './keras-files.ts';
import { shaken, writeLayers } from './layers-model.ts';
import { zipOf } from './zip.ts';

/** A small network in one of the forms that people have: a picture of 12 x 10 pixels, channels last, and five classes. */
export interface ModelForm {
  readonly name: string;
  readonly format: ModelFormat;
  readonly fileName: string;
  /** Of the file that is uploaded. */
  readonly bytes: Buffer;
  /** Of a download. */
  readonly extension: string;
  /** The files that the model is. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether results are in the same form. */
  readonly isWritten: boolean;
  /** Numbers of its weights. */
  readonly params: number;
}

function layersModel(): tf.LayersModel {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [12, 10, 3],
        filters: 12,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        name: 'first',
      }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu', name: 'second' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 5, activation: 'softmax', name: 'last' }),
    ],
  });
  return shaken(model);
}

/** The same network in each form: only how it is written differs. */
export async function modelForms(): Promise<readonly ModelForm[]> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const folder = await mkdtemp(join(tmpdir(), 'espalier-forms-'));
  try {
    const model = layersModel();
    const params = model.countParams();
    const file = await writeLayers(folder, model);
    const layers = await filesIn(folder, ['model.json', 'weights.bin']);
    const { network } = await readNetwork(file);
    const graph = graphOf(model);
    const h5 = await kerasFile(model, { version: 2, file: '.h5' });
    const onnx = Buffer.from(encodeOnnx(network));
    const zipped = (files: ReadonlyMap<string, Uint8Array>) => ({
      ...{ bytes: zipOf(besides(files)), extension: '.zip', files, isWritten: true, params },
    });
    const one = (bytes: Buffer, fileName: string) => ({
      ...{ bytes, fileName, files: new Map([[fileName, bytes]]), params },
    });
    return [
      { name: 'onnx', format: 'ONNX', ...one(onnx, 'net.onnx'), extension: '.onnx', isWritten: true },
      { name: 'graph', format: 'TFJS_GRAPH', fileName: 'web.zip', ...zipped(graph) },
      { name: 'layers', format: 'TFJS_LAYERS', fileName: 'layers.zip', ...zipped(layers) },
      { name: 'keras', format: 'KERAS', ...one(h5, 'keras.h5'), extension: '.h5', isWritten: false },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a folder, with something that is none of it. */
function besides(files: ReadonlyMap<string, Uint8Array>) {
  const own = [...files].map(([name, bytes]) => ({ name: `web/${name}`, bytes }));
  return [...own, { name: 'web/README.md', bytes: Buffer.from('how it was trained') }];
}

async function filesIn(folder: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

/** As the converter of TensorFlow.js says it. */
function graphOf(model: tf.LayersModel): Map<string, Uint8Array> {
  const conv = (padding: string) => ({
    ...{ strides: is(1, 1, 1, 1), dilations: is(1, 1, 1, 1), data_format: s('NHWC'), padding: s(padding) },
    ...{ fused_ops: ss('BiasAdd', 'Relu'), num_args: { i: '1' } },
  });
  const weight = (name: string) => {
    const found = model.weights.find((each) => each.originalName === name);
    if (!found) throw new Error(`there is no weight ${name}`);
    const data = found.read().dataSync() as Float32Array;
    const bytes = new Uint8Array(Float32Array.from(data).buffer);
    return { shape: found.shape.map((extent) => extent ?? 1), dtype: 'float32' as const, bytes };
  };
  const { json, shards } = graphFiles({
    inputs: { picture: { shape: [-1, 12, 10, 3] } },
    outputs: ['scores'],
    nodes: [
      tfNode('_FusedConv2D', ['picture', 'first/w', 'first/b'], 'first', conv('SAME')),
      tfNode('_FusedConv2D', ['first', 'second/w', 'second/b'], 'second', conv('VALID')),
      tfNode('Mean', ['second', 'axes'], 'mean'),
      tfNode('_FusedMatMul', ['mean', 'last/w', 'last/b'], 'last', {
        fused_ops: ss('BiasAdd'),
        num_args: { i: '1' },
      }),
      tfNode('Softmax', ['last'], 'scores'),
    ],
    weights: {
      ...{ 'first/w': weight('first/kernel'), 'first/b': weight('first/bias') },
      ...{ 'second/w': weight('second/kernel'), 'second/b': weight('second/bias') },
      ...{ axes: int32s([1, 2]), 'last/w': weight('last/kernel'), 'last/b': weight('last/bias') },
    },
    shardBytes: 3000,
  });
  return new Map([['model.json', Buffer.from(JSON.stringify(json))], ...shards]);
}
