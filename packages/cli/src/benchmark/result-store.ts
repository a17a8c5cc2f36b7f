import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BaseResult, baseResultSchema, type ItemResult, itemResultSchema } from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';

/**
 * What benchmarks computed, a file a result, named by its key (`resultKey`, `baseKey`): a benchmark that
 * was stopped goes on, and one with more targets or seeds pays for those only.
 */
export class ResultStore {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = path.join(home, 'benchmarks', 'v2');
  }

  base(key: string): Promise<BaseResult | null> {
    return this.get(key, (value) => baseResultSchema.parse(value));
  }

  item(key: string): Promise<ItemResult | null> {
    return this.get(key, (value) => itemResultSchema.parse(value));
  }

  async put(key: string, result: BaseResult | ItemResult): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFileAtomic(this.file(key), JSON.stringify(result));
    } catch (error) {
      throw new InputError(`cannot keep results in ${this.folder}: ${(error as Error).message}`);
    }
  }

  /** A damaged file counts as absent: the result is computed again. */
  private async get<T>(key: string, parse: (value: unknown) => T): Promise<T | null> {
    try {
      return parse(JSON.parse(await readFile(this.file(key), 'utf8')));
    } catch {
      return null;
    }
  }

  private file(key: string): string {
    return path.join(this.folder, `${key}.json`);
  }
}
