import { InputError } from '@espalier/errors';
import { openZip } from '../zip.ts';

/** What each may have, in bytes: no network has more anywhere here. */
const MOST = { config: 256e6, metadata: 1e6, weights: 1.9e9 } as const;
const AGAIN = 'save the model again (model.save)';

/** What a `.keras` archive holds of a network. */
export interface KerasArchive {
  readonly config: string;
  readonly metadata: string | undefined;
  readonly weights: Uint8Array;
}

/**
 * @param where the bytes came from, for messages
 * @throws {InputError} for what is no such archive, damaged, encrypted, or unpacks to more than a network has
 */
export async function readArchive(bytes: Uint8Array, where: string): Promise<KerasArchive> {
  const zip = await openZip(bytes, where, AGAIN);
  const config = await zip.read('config.json', MOST.config);
  const metadata = await zip.read('metadata.json', MOST.metadata);
  const weights = await zip.read('model.weights.h5', MOST.weights);
  if (config && weights)
    return { config: config.toString('utf8'), metadata: metadata?.toString('utf8'), weights };
  const missing = config ? 'model.weights.h5' : 'config.json';
  throw new InputError(`${where} has no ${missing}: ${AGAIN}, with its weights as HDF5`);
}
