import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '@espalier/store';

/** Artifacts as files on this machine: fetched once, known by their hash. */
export class ArtifactCache {
  private readonly store: ArtifactStore;
  private readonly folder: string;

  constructor(store: ArtifactStore, folder: string) {
    this.store = store;
    this.folder = folder;
  }

  /** @param extension with its dot: readers go by it */
  async file(sha256: string, extension: string): Promise<string> {
    const file = path.join(this.folder, `${sha256}${extension}`);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
    const bytes = await this.store.get(sha256);
    if (!bytes) throw new Error(`artifact ${sha256} is missing from the store`);
    await mkdir(this.folder, { recursive: true });
    const unfinished = `${file}.${process.pid}.${Date.now()}.tmp`;
    try {
      await pipeline(bytes, createWriteStream(unfinished));
      await rename(unfinished, file);
    } finally {
      await rm(unfinished, { force: true });
    }
    return file;
  }
}
