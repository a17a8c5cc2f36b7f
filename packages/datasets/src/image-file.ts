import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainedDiskError } from './disk-error.ts';

/*
 * A cache file of equally large images:
 *
 *   pixels    count * bytesPerImage bytes, image after image
 *   footer    JSON
 *   trailer   sha256 of the footer (32 bytes), length of the footer (u32, little endian), MAGIC (8 bytes)
 *
 * What describes the file stands at its end, because the digest of the pixels is known only once they are
 * written. So a file that was cut off has no trailer. Files are written under a temporary name and renamed:
 * under its own name a file is whole or absent, also when two processes write it at once.
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
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      const { bytes, digest } = await writePixels(file, chunks);
      const count = bytes / bytesPerImage;
      if (!Number.isInteger(count)) throw new Error(`${bytes} bytes are no images of ${bytesPerImage}`);
      await file.writeFile(ending({ count, bytesPerImage, pixelDigest: digest, about: about(digest) }));
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
 * @returns null where there is no file, or none that is whole: make it anew then.
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
  const hash = createHash('sha256');
  const block = 4 * 2 ** 20;
  for (let at = 0; at < bytes; at += block) {
    const pixels = await readAt(file, at, Math.min(block, bytes - at));
    if (!pixels) return false;
    hash.update(pixels);
  }
  return hash.digest('hex') === footer.pixelDigest;
}

function imageFile<About>(path: string, file: FileHandle, footer: Footer<About>): ImageFile<About> {
  const { count, bytesPerImage, about } = footer;
  return {
    count,
    about,
    async read(indices, first = 0) {
      const pixels = new Uint8Array(indices.length * bytesPerImage);
      await Promise.all(
        runs(indices).map(async ({ at, from, length }) => {
          const into = pixels.subarray(at * bytesPerImage, (at + length) * bytesPerImage);
          if (await readInto(file, into, (first + from) * bytesPerImage)) return;
          throw new Error(`${path} has been cut off since it was opened`);
        }),
      );
      return pixels;
    },
    close: () => file.close(),
  };
}

/** Neighbours are read together: evaluation goes through a split from its first image to its last. */
function runs(indices: ArrayLike<number>): { at: number; from: number; length: number }[] {
  const found: { at: number; from: number; length: number }[] = [];
  let run = { at: 0, from: Number.NaN, length: 0 };
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] ?? 0;
    if (index === run.from + run.length) {
      run.length++;
    } else {
      run = { at, from: index, length: 1 };
      found.push(run);
    }
  }
  return found;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(length);
  return (await readInto(file, bytes, position)) ? bytes : null;
}

/** @returns whether the file had enough bytes. A read may give fewer than asked for without being at the end. */
async function readInto(file: FileHandle, into: Uint8Array, position: number): Promise<boolean> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
