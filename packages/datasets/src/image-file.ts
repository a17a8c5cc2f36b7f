import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, readAt, readImages, sha256 } from './image-bytes.ts';
import { writeWholeFile } from './whole-file.ts';

/*
 * A cache file of equally large images:
 *
 *   pixels    count * bytesPerImage bytes, image after image
 *   footer    JSON
 *   trailer   sha256 of the footer (32 bytes), length of the footer (u32, little endian), MAGIC (8 bytes)
 *
 * What describes the file stands at its end, because the digest of the pixels is known only once they are
 * written. So a file that was cut off has no trailer.
 */

const MAGIC = 'ESPIMG01';
const TRAILER_BYTES = 32 + 4 + 8;

/** Files up to this size have their pixels hashed when they are opened (0.1 s); hashing larger ones would be felt. */
const VERIFY_UP_TO_BYTES = 256 * 2 ** 20;

/** A temporary file that nobody has written to for so long belongs to a process that died. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

interface Footer<About> {
  readonly count: number;
  readonly bytesPerImage: number;
  /** sha256, hex, of all pixels. */
  readonly pixelDigest: string;
  readonly about: About;
}

export interface ImageFile<About> {
  /** Number of images. */
  readonly count: number;
  /** What the writer said about the images. */
  readonly about: About;
  /** The bytes of the images at `indices` plus `first`, in the order asked for. */
  read(indices: ArrayLike<number>, first?: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Writes `chunks` (each any number of bytes) as images of `bytesPerImage`, then makes the file appear at
 * `path`, replacing what was there. `about` is given the digest of all pixels and must become JSON.
 *
 * @throws {InputError} if the disk is full or the folder cannot be written to.
 */
export async function writeImageFile(
  path: string,
  bytesPerImage: number,
  chunks: AsyncIterable<Uint8Array>,
  about: (pixelDigest: string) => unknown,
): Promise<void> {
  await writeWholeFile(path, async (file) => {
    const { bytes, digest } = await writePixels(file, chunks);
    const count = bytes / bytesPerImage;
    if (!Number.isInteger(count)) throw new Error(`${bytes} bytes are no images of ${bytesPerImage}`);
    await file.writeFile(ending({ count, bytesPerImage, pixelDigest: digest, about: about(digest) }));
  });
}

/** Writes pieces of any size one behind the other. */
async function writePixels(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    await file.writeFile(chunk);
  }
  return { bytes, digest: hash.digest('hex') };
}

function ending(footer: Footer<unknown>): Buffer {
  const json = Buffer.from(JSON.stringify(footer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([json, sha256(json), length, Buffer.from(MAGIC, 'latin1')]);
}

/** Removes what killed writers left in a folder of caches; what another process is writing stays. */
export async function removeAbandoned(folder: string): Promise<void> {
  // The folder may not exist yet, and others may be sweeping too: whatever cannot be looked at is left alone.
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith('.tmp'))) {
    const file = join(folder, name);
    const written = await stat(file).catch(() => null);
    if (!written || Date.now() - written.mtimeMs <= ABANDONED_AFTER_MS) continue;
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/**
 * Opens a file that `writeImageFile` made. `About` is the caller's promise that only files of its own kind
 * lie at `path`.
 *
 * @returns null if there is no file, or none that is whole: make it again then.
 */
export async function openImageFile<About>(path: string): Promise<ImageFile<About> | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return null;
  try {
    const footer = await readFooter<About>(file);
    if (footer && (await pixelsAreWhole(file, footer))) return imageFile(path, file, footer);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

async function readFooter<About>(file: FileHandle): Promise<Footer<About> | null> {
  const { size } = await file.stat();
  if (size < TRAILER_BYTES) return null;
  const trailer = await readAt(file, size - TRAILER_BYTES, TRAILER_BYTES);
  if (trailer?.toString('latin1', 36) !== MAGIC) return null;
  const length = trailer.readUInt32LE(32);
  const start = size - TRAILER_BYTES - length;
  const json = start >= 0 ? await readAt(file, start, length) : null;
  if (!json || !sha256(json).equals(trailer.subarray(0, 32))) return null;
  const footer: Footer<About> = JSON.parse(json.toString());
  return footer.count * footer.bytesPerImage === start ? footer : null;
}

async function pixelsAreWhole(file: FileHandle, footer: Footer<unknown>): Promise<boolean> {
  const bytes = footer.count * footer.bytesPerImage;
  if (bytes > VERIFY_UP_TO_BYTES) return true;
  return (await digestOf(file, 0, bytes)) === footer.pixelDigest;
}

function imageFile<About>(path: string, file: FileHandle, footer: Footer<About>): ImageFile<About> {
  const { count, bytesPerImage, about } = footer;
  return {
    count,
    about,
    read: (indices, first = 0) => readImages({ file, path, start: 0, bytesPerImage }, indices, first),
    close: () => file.close(),
  };
}
