import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ArtifactStore, newFile } from './artifact-store.ts';

/** Artifacts as files on this machine: fetched once, known by their hash. */
export class ArtifactCache {
  private readonly store: ArtifactStore;
  private readonly folder: string;
  private readonly underWay = new Map<string, Promise<string>>();

  /** @param home a folder of this machine, which several processes may share */
  constructor(store: ArtifactStore, home: string) {
    this.store = store;
    this.folder = path.join(home, 'artifact-cache');
  }

  /** @param extension with its dot: readers go by it */
  async file(sha256: string, extension: string): Promise<string> {
    const file = this.at(sha256, extension);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
    const known = this.underWay.get(file);
    if (known) return known;
    const fetching = this.fetch(sha256, file).finally(() => this.underWay.delete(file));
    this.underWay.set(file, fetching);
    return fetching;
  }

  /** Forgets what turned out to be of no use. */
  async remove(sha256: string, extension: string): Promise<void> {
    await rm(this.at(sha256, extension), { force: true });
  }

  private at(sha256: string, extension: string): string {
    return path.join(this.folder, `${sha256}${extension}`);
  }

  private async fetch(sha256: string, file: string): Promise<string> {
    const bytes = await this.store.get(sha256);
    if (!bytes) throw new Error(`artifact ${sha256} is missing from the store`);
    await mkdir(this.folder, { recursive: true });
    const unfinished = `${file}.${process.pid}.${Date.now()}.tmp`;
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(bytes, hashing, await newFile(unfinished));
      if (hash.digest('hex') !== sha256) throw new Error(`artifact ${sha256} is damaged in the store`);
      await rename(unfinished, file);
    } finally {
      await rm(unfinished, { force: true });
    }
    return file;
  }
}
