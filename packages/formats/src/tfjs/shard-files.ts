import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '@espalier/errors';

/**
 * The bytes of a shard by the name that the model.json has for it.
 *
 * @param most that there is a place for
 * @throws {InputError} for one that is not there, or has more
 */
export type ShardReader = (shard: string, most: number) => Promise<Uint8Array>;

/** Shards as files beside a model.json. */
export function shardsBeside(path: string): ShardReader {
  return (shard, most) => readShard(path, shard, most);
}

async function readShard(path: string, shard: string, most: number): Promise<Uint8Array> {
  const folder = resolve(dirname(path));
  const file = checkShardPath(path, shard);
  try {
    const handle = await open(file, 'r');
    try {
      // Nor by a link.
      if (!isBelow(await realpath(folder), await realpath(file))) throw outside(path, shard);
      const stat = await handle.stat();
      if (!stat.isFile())
        throw new InputError(`${path}: shard "${shard}" is no file; copy it from where the model was made`);
      if (stat.size > most) throw tooLarge(path, shard, stat.size, most);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new InputError(`${path}: shard "${shard}" cannot be read (${code}); put it beside the model.json`);
  }
}

/**
 * What a model.json names is not to be trusted: it must not reach other files of the machine.
 *
 * @returns the whole path of the shard
 */
export function checkShardPath(path: string, shard: string): string {
  const folder = resolve(dirname(path));
  const file = resolve(folder, shard);
  if (isAbsolute(shard) || !isBelow(folder, file)) throw outside(path, shard);
  return file;
}

function isBelow(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

/** A shard that has more than the model.json has a place for. */
export function tooLarge(path: string, shard: string, bytes: number, most: number): InputError {
  return new InputError(
    `${path}: shard "${shard}" has ${bytes} bytes, and weightsManifest has a place for ${most} of them; it is another model's, or the model.json is`,
  );
}

function outside(path: string, shard: string): InputError {
  return new InputError(
    `${path}: shard "${shard}" lies outside of the model's folder; put it beside the model.json and name it so`,
  );
}
