import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BaseResult, baseResultSchema, type ItemResult, itemResultSchema } from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';

/** Raised when the numbers of a result can change; part of every key. */
const VERSION = 1;

/**
 * What benchmarks computed, a file a result, named by a hash of everything that decides its numbers: a benchmark that
 * was stopped goes on, and one with more targets or seeds pays for those only.
 */
export class ResultStore {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = path.join(home, 'benchmarks', `v${VERSION}`);
  }

  base(content: unknown): Promise<BaseResult | null> {
    return this.get(content, (value) => baseResultSchema.parse(value));
  }

  item(content: unknown): Promise<ItemResult | null> {
    return this.get(content, (value) => itemResultSchema.parse(value));
  }

  async put(content: unknown, result: BaseResult | ItemResult): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFileAtomic(this.file(content), JSON.stringify(result));
    } catch (error) {
      throw new InputError(`cannot keep results in ${this.folder}: ${(error as Error).message}`);
    }
  }

  /** A damaged file counts as absent: the result is computed again. */
  private async get<T>(content: unknown, parse: (value: unknown) => T): Promise<T | null> {
    try {
      return parse(JSON.parse(await readFile(this.file(content), 'utf8')));
    } catch {
      return null;
    }
  }

  private file(content: unknown): string {
    const key = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    return path.join(this.folder, `${key}.json`);
  }
}
