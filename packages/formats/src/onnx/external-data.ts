import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '@espalier/errors';
import type { TensorProto } from './generated/onnx_pb.ts';
import { fileError } from './refusals.ts';

/** Tensors may share bytes, and those that do so again and again ask for more than there is. */
const MOST_TIMES = 4;

/** Files beside a model that hold its tensors. */
export interface ExternalFiles {
  /** Where they lie. */
  readonly folder: string;
  /** Bytes that were read, by path. */
  readonly read: Map<string, number>;
}

/** The bytes of a tensor that are in a separate file, in or below the model's folder. */
export function readExternal(
  tensor: TensorProto,
  name: string,
  expected: number,
  files: ExternalFiles | undefined,
): Uint8Array {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (!location) throw fileError(`tensor "${name}" has external data without a location`);
  if (!files) {
    throw new InputError(
      `tensor "${name}" is in "${location}", and no other file is read here: save the network in one file`,
    );
  }
  const { folder, read } = files;
  const path = resolve(folder, location);
  const below = relative(resolve(folder), path);
  // What a model file names is not to be trusted: it must not reach other files of the machine.
  if (isAbsolute(location) || isAbsolute(below) || below === '' || below.split(/[\\/]/)[0] === '..') {
    throw fileError(`tensor "${name}" lies in "${location}", outside of the model's folder`);
  }
  const [offset, length] = [entries.get('offset') ?? '0', entries.get('length') ?? String(expected)].map(
    Number,
  );
  if (!isCount(offset) || !isCount(length)) {
    throw fileError(`tensor "${name}" in "${location}" has an offset or a length that is not a number`);
  }
  if (length !== expected) {
    throw fileError(`tensor "${name}" needs ${expected} bytes, but has ${length} in "${location}"`);
  }
  const sum = (read.get(path) ?? 0) + length;
  read.set(path, sum);
  return readRange({ path, location, name, sum }, offset, length);
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

/** @param of.sum bytes of this file that all tensors so far have asked for */
function readRange(
  { path, location, name, sum }: { path: string; location: string; name: string; sum: number },
  offset: number,
  length: number,
): Uint8Array {
  const file = open(path, location, name);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size < offset + length) {
      throw fileError(
        `tensor "${name}" ends at byte ${offset + length} of "${location}", which has ${stat.size}; the file is incomplete`,
      );
    }
    if (sum > MOST_TIMES * stat.size) {
      throw fileError(
        `the tensors up to "${name}" ask for ${sum} bytes of "${location}", which has ${stat.size}`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const count = readSync(file, bytes, at, Math.min(length - at, 1 << 30), offset + at);
      if (count === 0) throw fileError(`"${location}" ended while tensor "${name}" was read`);
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
