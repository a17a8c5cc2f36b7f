import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { OpenOptions } from '../dataset.ts';
import { mapInOrder } from '../in-order.ts';
import { measureImage } from '../measure-image.ts';
import { DECODING_VERSION } from '../resample.ts';
import { writeCache } from '../whole-file.ts';

/** What is known of an image file without decoding it. */
export interface FileFacts {
  /** sha256 of the file's bytes, hex. */
  readonly sha256: string;
  /** Pixels, as stored. */
  readonly width: number;
  /** Pixels, as stored. */
  readonly height: number;
  readonly gray: boolean;
}

interface Indexed extends FileFacts {
  readonly size: number;
  readonly mtimeMs: number;
}

interface IndexFile {
  readonly version: number;
  /** Sizes and channels are what the decoder says. */
  readonly decoding: number;
  readonly files: Readonly<Record<string, Indexed>>;
}

const VERSION = 1;

/**
 * The facts of all `paths` below `root`, in order. They are remembered at `cache`; a file is read again only
 * when its size or time of change is another.
 *
 * @throws {InputError} naming the file that is no image.
 */
export async function indexFiles(
  root: string,
  paths: readonly string[],
  cache: string,
  { onProgress, signal }: OpenOptions,
): Promise<readonly FileFacts[]> {
  const known = await readCache(cache);
  const found: [path: string, facts: Indexed][] = [];
  let changed = false;
  const look = async (path: string) => ({ path, facts: await factsOf(root, path, known.get(path)) });
  for await (const { path, facts } of mapInOrder(paths, look)) {
    signal?.throwIfAborted();
    changed ||= facts !== known.get(path);
    found.push([path, facts]);
    onProgress?.({ done: found.length, total: paths.length, what: 'reading images' });
  }
  if (changed || known.size !== found.length) {
    const index: IndexFile = {
      version: VERSION,
      decoding: DECODING_VERSION,
      files: Object.fromEntries(found),
    };
    await writeCache(cache, JSON.stringify(index));
  }
  return found.map(([, facts]) => facts);
}

async function factsOf(root: string, path: string, known: Indexed | undefined): Promise<Indexed> {
  const file = join(root, path);
  try {
    const { size, mtimeMs } = await stat(file);
    if (known?.size === size && known.mtimeMs === mtimeMs) return known;
    const bytes = await readFile(file);
    return { size, mtimeMs, sha256: sha256(bytes), ...(await measureImage(bytes)) };
  } catch (error) {
    throw unreadable(file, error);
  }
}

export function unreadable(file: string, error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  return new InputError(`${file} cannot be read as an image: ${message.split('\n')[0]}`);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readCache(path: string): Promise<ReadonlyMap<string, Indexed>> {
  try {
    const index: IndexFile = JSON.parse(await readFile(path, 'utf8'));
    if (index.version === VERSION && index.decoding === DECODING_VERSION)
      return new Map(Object.entries(index.files));
  } catch {
    // There is none yet, or it is damaged: either way the files themselves tell.
  }
  return new Map();
}
