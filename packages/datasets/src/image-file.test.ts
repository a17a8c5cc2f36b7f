import { existsSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { openImageFile, removeAbandoned, writeImageFile } from './image-file.ts';

const BYTES_PER_IMAGE = 6;
const IMAGES = 50;
const PIXELS = Uint8Array.from({ length: IMAGES * BYTES_PER_IMAGE }, (_, i) => (i * 7) % 256);

/** In pieces that are no whole images. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < PIXELS.length; at += 44) yield PIXELS.subarray(at, at + 44);
}

async function written(): Promise<string> {
  const path = join(temporaryFolder(), 'cache', 'test.images');
  await writeImageFile(path, BYTES_PER_IMAGE, pieces(), (digest) => ({ digest, kind: 'test' }));
  return path;
}

function imageAt(index: number): number[] {
  return [...PIXELS.subarray(index * BYTES_PER_IMAGE, (index + 1) * BYTES_PER_IMAGE)];
}

describe('an image file', () => {
  it('gives back images in the order asked for', async () => {
    const file = await openImageFile<{ kind: string }>(await written());
    expect(file?.count).toBe(IMAGES);
    expect(file?.about.kind).toBe('test');
    const indices = [49, 3, 4, 5, 5, 0, 12, 11];
    expect([...((await file?.read(indices)) ?? [])]).toEqual(indices.flatMap(imageAt));
    expect([...((await file?.read([0, 2], 10)) ?? [])]).toEqual([...imageAt(10), ...imageAt(12)]);
    expect(await file?.read([])).toHaveLength(0);
    await file?.close();
  });

  it('is null where there is none', async () => {
    expect(await openImageFile(join(temporaryFolder(), 'none.images'))).toBeNull();
  });

  it.each([1, 30, 100, 350])('is null when the last %i bytes are missing', async (missing) => {
    const path = await written();
    truncateSync(path, readFileSync(path).length - missing);
    expect(await openImageFile(path)).toBeNull();
  });

  it.each([
    ['a pixel', 100],
    ['the footer', PIXELS.length + 5],
    ['the trailer', -1],
  ])('is null when %s has changed', async (_, position) => {
    const path = await written();
    const bytes = readFileSync(path);
    const at = position < 0 ? bytes.length + position : position;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await openImageFile(path)).toBeNull();
  });

  it('appears whole or not at all', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'test.images');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield PIXELS;
      throw new Error('the source ran dry');
    }
    await expect(writeImageFile(path, BYTES_PER_IMAGE, broken(), () => ({}))).rejects.toThrow('ran dry');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may be written by several at once', async () => {
    const path = join(temporaryFolder(), 'test.images');
    await Promise.all(
      [1, 2, 3].map(() => writeImageFile(path, BYTES_PER_IMAGE, pieces(), (digest) => ({ digest }))),
    );
    const file = await openImageFile(path);
    expect(file?.count).toBe(IMAGES);
    await file?.close();
    expect(readdirSync(join(path, '..'))).toEqual(['test.images']);
  });

  it('sweeps away what a killed writer left, not what another is writing', async () => {
    const folder = temporaryFolder();
    const old = join(folder, 'test.images.1.abc.tmp');
    const fresh = join(folder, 'test.images.2.def.tmp');
    for (const path of [old, fresh]) writeFileSync(path, 'half');
    const yesterday = new Date(Date.now() - 24 * 3600 * 1000);
    utimesSync(old, yesterday, yesterday);
    await removeAbandoned(folder);
    expect(existsSync(old)).toBe(false);
    expect(existsSync(fresh)).toBe(true);
    await expect(removeAbandoned(join(folder, 'none'))).resolves.toBeUndefined();
  });

  it('says when the home folder cannot be written to', async () => {
    const blocked = join(temporaryFolder(), 'file');
    writeFileSync(blocked, '');
    const writing = writeImageFile(join(blocked, 'cache', 'x.images'), BYTES_PER_IMAGE, pieces(), () => ({}));
    await expect(writing).rejects.toThrow(InputError);
  });
});
