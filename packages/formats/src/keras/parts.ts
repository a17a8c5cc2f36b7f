import { InputError } from '@espalier/errors';
import { isZip } from '../form.ts';
import { modelConfig } from '../tfjs/layers/config.ts';
import { isRecord } from '../tfjs/node-def.ts';
import { readArchive } from './archive.ts';
import { readHdf5 } from './hdf5.ts';
import { archivedWeights, type KerasWeights, layeredWeights } from './weights.ts';

/** What a file of Keras holds. Plain data: it goes from one thread to another. */
export interface KerasParts {
  readonly config: Readonly<Record<string, unknown>>;
  readonly version: string | undefined;
  readonly weights: KerasWeights;
}

/**
 * Configuration and weights of a `.keras` archive or an `.h5` file; its bytes say which.
 *
 * @param path names it in messages
 * @throws {InputError} which names the file and what is wrong with it
 */
export function kerasParts(bytes: Uint8Array, path: string): Promise<KerasParts> {
  return isZip(bytes) ? fromArchive(bytes, path) : fromHdf5(bytes, path);
}

async function fromArchive(bytes: Uint8Array, path: string): Promise<KerasParts> {
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

async function fromHdf5(bytes: Uint8Array, path: string): Promise<KerasParts> {
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
