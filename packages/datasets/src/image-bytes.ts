import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Equally large images that follow each other in a file. */
export interface ImageBytes {
  readonly file: FileHandle;
  /** For messages. */
  readonly path: string;
  /** Where the first image begins, in bytes. */
  readonly start: number;
  readonly bytesPerImage: number;
}

/** The bytes of the images at `indices` plus `first`, in the order asked for. */
export async function readImages(
  { file, path, start, bytesPerImage }: ImageBytes,
  indices: ArrayLike<number>,
  first = 0,
): Promise<Uint8Array> {
  const pixels = new Uint8Array(indices.length * bytesPerImage);
  await Promise.all(
    runs(indices).map(async ({ at, from, length }) => {
      const into = pixels.subarray(at * bytesPerImage, (at + length) * bytesPerImage);
      if (await readInto(file, into, start + (first + from) * bytesPerImage)) return;
      throw new Error(`${path} has been cut off since it was opened`);
    }),
  );
  return pixels;
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

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * The sha256, hex, of `length` bytes from `start` on; null if the file ends before.
 *
 * @param onBlock called with the number of bytes done, again and again; what it throws ends the reading
 */
export async function digestOf(
  file: FileHandle,
  start: number,
  length: number,
  onBlock: (done: number) => void = () => {},
): Promise<string | null> {
  const hash = createHash('sha256');
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    const bytes = await readAt(file, start + at, Math.min(BLOCK_BYTES, length - at));
    if (!bytes) return null;
    hash.update(bytes);
    onBlock(at + bytes.length);
  }
  return hash.digest('hex');
}

/** null if the file ends before. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
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
