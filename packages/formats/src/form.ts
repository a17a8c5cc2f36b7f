import { extname } from 'node:path';
import { InputError } from '@espalier/errors';
import { conversionOf } from './other-formats.ts';
import { openZip } from './zip.ts';

/** What the bytes of a model's file are: an ONNX message, a model.json, a zip of one with its shards, or a file of Keras. */
export type Form = 'onnx' | 'json' | 'zip' | 'keras';

/** Of files whose names say nothing of their form: what is in a store has its hash for a name. */
export const MODEL_EXTENSION = '.model';

/** What a file is whose bytes do not begin like any other form. */
const NAMED: Readonly<Record<string, Form>> = {
  '.onnx': 'onnx',
  [MODEL_EXTENSION]: 'onnx',
  '.json': 'json',
  '.zip': 'zip',
  '.keras': 'keras',
  '.h5': 'keras',
  '.hdf5': 'keras',
};

/** In lower case. */
export function extensionOf(path: string): string {
  return extname(path).toLowerCase();
}

/** @throws {InputError} for a file that is no network by its name, with what converts it */
export function checkName(path: string): void {
  const extension = extensionOf(path);
  if (extension in NAMED) return;
  throw new InputError(
    `${path}: .onnx files, TensorFlow.js model.json (or a zip of its folder) and .keras or .h5 of Keras are read; ${conversionOf(extension)}`,
  );
}

/**
 * Which form the bytes are in. They say so themselves; the name counts where they do not, as in a damaged file.
 *
 * @param path names them in messages
 * @throws {InputError} for a damaged zip
 */
export async function formOf(bytes: Uint8Array, path: string): Promise<Form> {
  const named = NAMED[extensionOf(path)] ?? 'onnx';
  if (isHdf5(bytes)) return 'keras';
  if (!isZip(bytes)) return named === 'onnx' && bytes[0] === BRACE ? 'json' : named;
  if (named === 'keras') return named;
  const { names } = await openZip(bytes, path, 'zip the folder of the model again');
  return names.includes('model.weights.h5') ? 'keras' : 'zip';
}

const BRACE = '{'.charCodeAt(0);
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Something else may are before it. */
const HDF5_PLACES = [0, 512, 1024, 2048];

/** Bytes by which a file's form is told, unless it is a zip. */
export const HEAD = 4096;

function isHdf5(bytes: Uint8Array): boolean {
  return HDF5_PLACES.some((at) => HDF5.every((byte, i) => bytes[at + i] === byte));
}

/** Of a zip, also where it is empty. */
export function isZip(bytes: Uint8Array): boolean {
  const [p, k, ...kind] = bytes.subarray(0, 4);
  return p === 0x50 && k === 0x4b && ['3,4', '5,6'].includes(kind.join());
}
