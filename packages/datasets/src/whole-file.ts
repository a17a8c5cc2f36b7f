import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { explainedDiskError } from './disk-error.ts';

/**
 * Writes a file under a temporary name beside `path`, then makes it appear at `path`, replacing what was there:
 * under its own name a file is whole or absent, also when two processes write it at once.
 *
 * @throws {InputError} if the disk is full or the folder cannot be written to.
 */
export async function writeWholeFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explainedDiskError(error, path);
  }
}

/**
 * Writes a small file of the cache.
 *
 * @throws {InputError} if the disk is full or the folder cannot be written to.
 */
export async function writeCache(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text);
  } catch (error) {
    throw explainedDiskError(error, path);
  }
}
