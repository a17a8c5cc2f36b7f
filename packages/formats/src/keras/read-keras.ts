import type { Dialect } from '../tfjs/layers/dialect.ts';
import { parseModelJson, type WeightSpec } from '../tfjs/model-json.ts';
import { modelFiles, type TfjsFiles } from '../tfjs/read-files.ts';
import type { StoredWeight } from '../tfjs/weights.ts';
import { kerasPartsInTime } from './in-time.ts';

/**
 * A model of Keras 2 or 3 as the LayersModel that it is, from a `.keras` archive or an `.h5` file; its bytes say which.
 *
 * @param path names it in messages
 * @throws {InputError} which names the file and what is wrong with it
 */
export async function readKeras(bytes: Uint8Array, path: string): Promise<TfjsFiles> {
  const { config, version, weights } = await kerasPartsInTime(bytes, path);
  const specs: WeightSpec[] = [];
  const stored = new Map<string, StoredWeight>();
  for (const [name, { shape, data }] of weights) {
    const spec = { name, shape: [...shape], dtype: 'float32' };
    specs.push(spec);
    stored.set(name, {
      spec,
      bytes: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
    });
  }
  const weightsManifest = [{ paths: [], weights: specs }];
  const text = JSON.stringify({
    format: 'layers-model',
    modelTopology: { model_config: config },
    weightsManifest,
  });
  return modelFiles(
    { ...parseModelJson(text, path), dialect: dialectOf(version) },
    { name: path, weights: stored, shards: [[]] },
  );
}

/** An activation has another formula since. */
function dialectOf(version: string | undefined): Dialect {
  return Number.parseInt(version ?? '2', 10) >= 3 ? 'keras3' : 'keras2';
}
