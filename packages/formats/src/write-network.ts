import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { encodeOnnx } from './onnx/encode.ts';

/**
 * Writes the network to a file whose format its extension names. The file appears whole or not at all: it
 * is written under a temporary name beside its place and then renamed. Throws an InputError where the
 * folder cannot be written to.
 */
export async function writeNetwork(path: string, network: Network): Promise<void> {
  if (extname(path).toLowerCase() !== '.onnx') {
    throw new InputError(`${path}: networks are written as .onnx only; name the file *.onnx`);
  }
  const bytes = encodeOnnx(network);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw asInputError(path, error);
  }
}

/** On the disk before it gets its name, so that a power cut cannot leave an empty file under it. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    // Unlike a single write call, writeFile goes on after a short write and fails on a full disk.
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'there is a folder of this name',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'its folder is not a folder',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
};

function asInputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new InputError(
      `${path} cannot be written: folder ${dirname(path)} does not exist; create it first`,
    );
  }
  const reason = reasons[code];
  return reason === undefined ? error : new InputError(`${path} cannot be written: ${reason}`);
}
