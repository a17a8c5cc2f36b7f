import * as tf from '@tensorflow/tfjs';
import { readArtifacts } from '../src/read-artifacts.ts';

/** A model of TensorFlow.js as a page loads it, and what can be told of it. */
export async function loadedModel(file: string) {
  const { json, weightSpecs, weightData, layers } = await readArtifacts(file);
  const handler = {
    load: async () => ({
      ...(json as { modelTopology: object }),
      weightSpecs: [...weightSpecs] as tf.io.WeightsManifestEntry[],
      weightData: Uint8Array.from(weightData).buffer,
    }),
  };
  const model = layers ? await tf.loadLayersModel(handler) : await tf.loadGraphModel(handler);
  return {
    isLayers: layers !== undefined,
    shapes: weightSpecs.map(({ shape }) => shape),
    /** The shape of what comes out for zeros of this one. */
    answer: (shape: readonly number[]) => (model.predict(tf.zeros([...shape])) as tf.Tensor).shape,
  };
}
