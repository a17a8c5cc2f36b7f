import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';

/** Bytes under the name of their sha256 (hex): what is there never changes, and nothing is there twice. */
export interface ArtifactStore {
  /**
   * Reads a stream to its end and keeps its bytes.
   *
   * @param options.before is told what will be kept, and waited for
   * @throws {InputError} if there are more than `limit` bytes; nothing is kept then
   */
  put(bytes: Readable, options?: PutOptions): Promise<StoredArtifact>;
  /**
   * @param range first and last byte, both included
   * @returns null for an artifact that is not there
   */
  get(sha256: string, range?: ByteRange): Promise<Readable | null>;
  /** Its size in bytes, or null for an artifact that is not there. */
  size(sha256: string): Promise<number | null>;
  /** No error if it is not there. */
  remove(sha256: string): Promise<void>;
  /** Removes what killed processes left of bytes that they received. */
  sweep(): Promise<void>;
}

export interface PutOptions {
  readonly limit?: number | undefined;
  readonly before?: (stored: StoredArtifact) => Promise<void>;
}

export interface StoredArtifact {
  readonly sha256: string;
  readonly bytes: number;
}

export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Writes a stream to a temporary file and hashes it on the way; `keep` takes the file over or copies it. */
export async function receive(
  bytes: Readable,
  folder: string,
  { limit = Number.POSITIVE_INFINITY, before }: PutOptions,
  keep: (file: string, stored: StoredArtifact) => Promise<void>,
): Promise<StoredArtifact> {
  // It may break before anybody reads it: the pipeline tells, and nothing else is to end with it.
  bytes.on('error', () => {});
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${randomUUID()}.tmp`);
  const hash = createHash('sha256');
  let size = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(size > limit ? new InputError(`more than ${limit} bytes`) : null, chunk);
    },
  });
  try {
    // On the disk before anything refers to it: a machine may lose its power, too.
    await pipeline(bytes, counting, await newFile(file));
    const stored = { sha256: hash.digest('hex'), bytes: size };
    await before?.(stored);
    await keep(file, stored);
    return stored;
  } finally {
    await rm(file, { force: true });
  }
}

/** What somebody began to send is kept for so long. */
const LEFT_MS = 24 * 3_600_000;

/** Removes the files of a folder that nobody has written to for `ms`. */
export async function sweepOld(folder: string, ms = LEFT_MS): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() && Date.now() - found.mtimeMs > ms) await rm(file, { force: true });
  }
}

/**
 * A stream into a file that is there already: one that opens its file later could still make it after whoever refused
 * the bytes had removed it.
 */
export async function newFile(file: string): Promise<Writable> {
  const handle = await open(file, 'wx', 0o644);
  return handle.createWriteStream({ flush: true });
}

export function readRange(file: string, range: ByteRange | undefined): Readable {
  return createReadStream(file, range ? { start: range.first, end: range.last } : {});
}
