import { InputError } from '@espalier/errors';
import { modelConfig } from '../tfjs/layers/config.ts';
import type { Dialect } from '../tfjs/layers/dialect.ts';
import { parseModelJson, type WeightSpec } from '../tfjs/model-json.ts';
import { isRecord } from '../tfjs/node-def.ts';
import { modelFiles, type TfjsFiles } from '../tfjs/read-files.ts';
import type { StoredWeight } from '../tfjs/weights.ts';
import { readArchive } from './archive.ts';
import { readHdf5 } from './hdf5.ts';
import { archivedWeights, type KerasWeights, layeredWeights } from './weights.ts';

/** Whether files of this ending (`.keras`, in lower case) are Keras'. */
export function isKeras(extension: string): boolean {
  return ['.keras', '.h5', '.hdf5'].includes(extension);
}

/**
 * A model of Keras 2 or 3 as the LayersModel that it is, from a `.keras` archive or an `.h5` file; its bytes tell which.
 *
 * @param path names it in messages
 * @throws {InputError} which names the file and what is wrong with it
 */
export async function readKeras(bytes: Uint8Array, path: string): Promise<TfjsFiles> {
  const isArchive = Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PK\u0003\u0004';
  const { config, version, weights } = isArchive
    ? await fromArchive(bytes, path)
    : await fromHdf5(bytes, path);
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

interface Parts {
  readonly config: Readonly<Record<string, unknown>>;
  readonly version: string | undefined;
  readonly weights: KerasWeights;
}

async function fromArchive(bytes: Uint8Array, path: string): Promise<Parts> {
  const { config: text, metadata, weights } = await readArchive(bytes, path);
  const config = parsed(text, `${path}: config.json`);
  const { keras_version: version } = metadata === undefined ? {} : parsed(metadata, `${path}: metadata.json`);
  const where = `${path}: model.weights.h5`;
  return {
    config,
    version: typeof version === 'string' ? version : undefined,
    weights: await readHdf5(weights, where, (content) => archivedWeights(modelConfig(config), content)),
  };
}

async function fromHdf5(bytes: Uint8Array, path: string): Promise<Parts> {
  return await readHdf5(bytes, path, (content) => {
    const text = content.text('', 'model_config');
    if (text === undefined)
      throw new InputError(`${path} holds weights and no model: save the whole model (model.save)`);
    return {
      config: parsed(text, `${path}: model_config`),
      version: content.text('', 'keras_version') ?? content.text('model_weights', 'keras_version'),
      weights: layeredWeights(content, path),
    };
  });
}

function parsed(text: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
  } catch {
    // Said below.
  }
  throw new InputError(`${where} is no JSON object: save the model again (model.save)`);
}

/** An activation has another formula since. */
function dialectOf(version: string | undefined): Dialect {
  return Number.parseInt(version ?? '2', 10) >= 3 ? 'keras3' : 'keras2';
}
