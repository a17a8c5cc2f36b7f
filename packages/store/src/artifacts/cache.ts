import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ArtifactStore, newFile } from './artifact-store.ts';

/** Below a home: artifacts as files, named by their hash. */
export const FETCHED = 'artifact-cache';
/** Below a home: folders of what was made of artifacts, named by the hashes of all of them. */
export const DERIVED = 'derived';

/** Artifacts as files on this machine, fetched once, and what is made of them: see `tidyHome`. */
export class ArtifactCache {
  private readonly store: ArtifactStore;
  private readonly home: string;
  private readonly folder: string;
  private readonly underWay = new Map<string, Promise<string>>();

  /** @param home a folder of this machine, which several processes may share */
  constructor(store: ArtifactStore, home: string) {
    this.store = store;
    this.home = home;
    this.folder = path.join(home, FETCHED);
  }

  /** @param extension with its dot: readers use it */
  async file(sha256: string, extension: string): Promise<string> {
    const file = this.at(sha256, extension);
    if (await isUsed(file)) return file;
    const known = this.underWay.get(file);
    if (known) return known;
    const fetching = this.fetch(sha256, file).finally(() => this.underWay.delete(file));
    this.underWay.set(file, fetching);
    return fetching;
  }

  /**
   * A folder for what is computed of artifacts and kept: it goes when one of them is purged.
   *
   * @param names hashes of artifacts, or names of what is no artifact
   */
  async derivedFolder(...names: readonly string[]): Promise<string> {
    const folder = path.join(this.home, DERIVED, names.join('-'));
    await mkdir(folder, { recursive: true });
    // Others read in it, which changes when it was read.
    await utimes(folder, new Date(), new Date()).catch(() => {});
    return folder;
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

/** Whether a file is there; whoever makes room sees when it was last wanted. */
async function isUsed(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  // Its time of change stays: readers know a file that they have checked by it.
  if (found) await utimes(file, new Date(), found.mtime).catch(() => {});
  return found !== null;
}
