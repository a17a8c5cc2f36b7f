import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { writeDurably } from './write-durably.ts';

/** The file appears whole or not at all. Throws an InputError where it cannot be written. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw asInputError(path, error);
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

/** What a system says of a file that cannot be written, as far as a person can put it right. */
export function asInputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new InputError(
      `${path} cannot be written: folder ${dirname(path)} does not exist; create it first`,
    );
  }
  const reason = reasons[code];
  return reason === undefined ? error : new InputError(`${path} cannot be written: ${reason}`);
}
