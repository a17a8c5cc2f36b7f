import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import type { ArtifactStore } from './artifact-store.ts';
import { ArtifactCache } from './cache.ts';
import { folderArtifacts } from './folder.ts';

/** A store that counts how often it is read, and a home. */
async function setUp() {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-cache-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = folderArtifacts(path.join(folder, 'store'));
  const reads: string[] = [];
  const store: ArtifactStore = {
    ...files,
    get(sha256, range) {
      reads.push(sha256);
      return files.get(sha256, range);
    },
  };
  return { folder, store, reads, home: path.join(folder, 'home') };
}

it('an artifact is fetched once a machine, however many ask for it', async () => {
  const { store, reads, home } = await setUp();
  const { sha256 } = await store.put(Readable.from([Buffer.from('pictures')]));
  const cache = new ArtifactCache(store, home);
  const files = await Promise.all([1, 2, 3].map(() => cache.file(sha256, '.data')));
  expect(new Set(files).size).toBe(1);
  expect(await readFile(files[0] ?? '', 'utf8')).toBe('pictures');
  // Another process of the machine finds the file.
  expect(await new ArtifactCache(store, home).file(sha256, '.data')).toBe(files[0]);
  expect(reads).toEqual([sha256]);
  await cache.remove(sha256, '.data');
  await cache.file(sha256, '.data');
  expect(reads).toEqual([sha256, sha256]);
});

it('bytes that are not what their name says are never kept', async () => {
  const { folder, store, home } = await setUp();
  const { sha256 } = await store.put(Readable.from([Buffer.from('pictures')]));
  await writeFile(path.join(folder, 'store', sha256.slice(0, 2), sha256.slice(2)), 'other pictures');
  const cache = new ArtifactCache(store, home);
  await expect(cache.file(sha256, '.data')).rejects.toThrow(`artifact ${sha256} is damaged in the store`);
  expect(await readdir(path.join(home, 'artifact-cache'))).toEqual([]);
  await store.remove(sha256);
  await expect(cache.file(sha256, '.data')).rejects.toThrow('is missing from the store');
});
