import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '@espalier/errors';
import type { TensorProto } from './generated/onnx_pb.ts';

/** The bytes of a tensor that lie in a file of their own, in or below the model's folder. */
export function readExternal(
  tensor: TensorProto,
  name: string,
  expected: number,
  folder: string | undefined,
): Uint8Array {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (!location) throw new InputError(`tensor "${name}" has external data without a location`);
  if (folder === undefined) {
    throw new InputError(`tensor "${name}" lies in "${location}", and the model was not read from a folder`);
  }
  const path = resolve(folder, location);
  const below = relative(resolve(folder), path);
  // What a model file names is not to be trusted: it must not reach other files of the machine.
  if (isAbsolute(location) || isAbsolute(below) || below === '' || below.split(/[\\/]/)[0] === '..') {
    throw new InputError(`tensor "${name}" lies in "${location}", outside of the model's folder`);
  }
  const [offset, length] = [entries.get('offset') ?? '0', entries.get('length') ?? String(expected)].map(
    Number,
  );
  if (!isCount(offset) || !isCount(length)) {
    throw new InputError(`tensor "${name}" in "${location}" has offset or length that is no number`);
  }
  if (length !== expected) {
    throw new InputError(`tensor "${name}" needs ${expected} bytes, but has ${length} in "${location}"`);
  }
  return readRange(path, location, name, offset, length);
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function readRange(path: string, location: string, name: string, offset: number, length: number): Uint8Array {
  const file = open(path, location, name);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size < offset + length) {
      throw new InputError(
        `tensor "${name}" ends at byte ${offset + length} of "${location}", which has ${stat.size}; the file is incomplete`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const count = readSync(file, bytes, at, Math.min(length - at, 1 << 30), offset + at);
      if (count === 0) throw new InputError(`"${location}" ended while tensor "${name}" was read`);
      at += count;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function open(path: string, location: string, name: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new InputError(
      `tensor "${name}" lies in "${location}", which cannot be read (${code}); put it beside the model file`,
    );
  }
}
