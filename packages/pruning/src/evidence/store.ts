import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Evidence } from './evidence.ts';

/** Raised only when the numbers that are gathered can change. */
export const EVIDENCE_VERSION = 3;

const storedEvidence = z.record(z.string(), z.array(z.number()));

/** Content-addressed evidence in a folder that processes share: who stores first is right for all. */
export class EvidenceStore {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = path.join(home, 'evidence', `v${EVIDENCE_VERSION}`);
  }

  /** A damaged file counts as absent. */
  async get(key: string): Promise<Evidence | undefined> {
    try {
      const read = storedEvidence.parse(JSON.parse(await readFile(this.file(key), 'utf8')));
      return new Map(Object.entries(read).map(([node, values]) => [node, Float64Array.from(values)]));
    } catch {
      return undefined;
    }
  }

  /** Returns what is stored: another process may have been faster. */
  async put(key: string, evidence: Evidence): Promise<Evidence> {
    const file = this.file(key);
    const own = `${file}.${randomUUID()}`;
    const text = JSON.stringify(Object.fromEntries([...evidence].map(([node, each]) => [node, [...each]])));
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(own, text);
      const first = await link(own, file).then(
        () => true,
        () => false,
      );
      if (first) return evidence;
      const theirs = await this.get(key);
      if (theirs) return theirs;
      // What lies there is damaged, or the disk knows no links.
      await writeFileAtomic(file, text, { fsync: false });
      return evidence;
    } catch (error) {
      throw new InputError(`cannot store what was measured in ${this.folder}: ${(error as Error).message}`);
    } finally {
      await rm(own, { force: true });
    }
  }

  private file(key: string): string {
    return path.join(this.folder, key.slice(0, 2), `${key}.json`);
  }
}
