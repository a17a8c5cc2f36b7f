import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FloatTensor } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import type { GraphArtifacts } from '../src/index.ts';

/** Writes a model by the save handler of TensorFlow.js, and returns the path of the model.json. */
export async function writeLayers(folder: string, model: tf.LayersModel): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'model.json');
  await model.save(
    tf.io.withSaveHandler(async ({ weightData, weightSpecs, ...rest }) => {
      const bytes = Array.isArray(weightData)
        ? Buffer.concat(weightData.map((each) => Buffer.from(each)))
        : Buffer.from(weightData ?? new ArrayBuffer(0));
      await writeFile(join(folder, 'weights.bin'), bytes);
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(path, JSON.stringify({ ...rest, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return path;
}

/** A Sequential with most kinds of layers that have weights, whose weights are random. */
export async function smallLayersModel(): Promise<tf.LayersModel> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [12, 10, 3], filters: 6, kernelSize: 3, padding: 'same', name: 'first' }),
      layers.batchNormalization({ name: 'norm' }),
      layers.leakyReLU({ alpha: 0.2 }),
      layers.separableConv2d({ filters: 8, kernelSize: 3, name: 'apart' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 4, activation: 'softmax', name: 'last' }),
    ],
  });
  return shaken(model);
}

/** Gives every weight of the model numbers of its own, as a trained one has them; variances stay above zero. */
export function shaken(model: tf.LayersModel, seed = 1): tf.LayersModel {
  model.setWeights(
    model.weights.map(({ shape, originalName }, i) => {
      const own = shape.map((extent) => extent ?? 1);
      return originalName.includes('variance')
        ? tf.randomUniform(own, 0.5, 1.5, 'float32', seed + i)
        : tf.randomUniform(own, -0.5, 0.5, 'float32', seed + i);
    }),
  );
  return model;
}

/** A LayersModel as a page loads it. */
export async function loadLayers(
  { json, weightSpecs, weightData }: GraphArtifacts,
  backend = 'cpu',
): Promise<tf.LayersModel> {
  await tf.setBackend(backend);
  const data = new Uint8Array(weightData).buffer;
  const artifacts = { ...json, weightSpecs, weightData: data } as unknown as tf.io.ModelArtifacts;
  return await tf.loadLayersModel({ load: async () => artifacts });
}

/** What a model computes, output by output. */
export async function runLayers(
  model: tf.LayersModel,
  inputs: readonly FloatTensor[],
): Promise<FloatTensor[]> {
  const given = inputs.map(({ dims, data }) => tf.tensor(data, [...dims]));
  const results = [model.predict(given.length === 1 && given[0] ? given[0] : given)].flat();
  return Promise.all(
    results.map(async (each) => ({ dims: each.shape, data: Float32Array.from(await each.data()) })),
  );
}
