import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { type CellScores, imagesOf } from './cell.ts';
import { packCell, storedCellSchema, unpackCell } from './packing.ts';

/**
 * Raised only when the numbers that sampling produces can change; part of every key, so that older units
 * are not taken for new ones.
 */
export const SAMPLING_VERSION = 1;

/** A unit of work: the cells of one group over one block of images, by units removed (0: the baseline). */
export type StoredUnit = Map<number, CellScores>;

const storedUnit = z.record(z.string().regex(/^\d+$/), storedCellSchema);

/**
 * Content-addressed work units in a folder: the key is a hash of everything that decides the numbers, so a
 * unit is never wrong, only there or not. Safe to share between processes: files are renamed into place.
 */
export class UnitStore {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = path.join(home, 'units', `v${SAMPLING_VERSION}`);
  }

  /** A damaged file counts as absent: the unit is measured again. */
  async get(key: string): Promise<StoredUnit> {
    try {
      const cells = storedUnit.parse(JSON.parse(await readFile(this.file(key), 'utf8')));
      return new Map(
        Object.entries(cells).map(([removed, { n, ...cell }]) => [Number(removed), unpackCell(cell, n)]),
      );
    } catch {
      return new Map();
    }
  }

  async put(key: string, unit: StoredUnit): Promise<void> {
    const cells = [...unit].map(([removed, cell]) => [removed, { n: imagesOf(cell), ...packCell(cell) }]);
    const file = this.file(key);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomic(file, JSON.stringify(Object.fromEntries(cells)), { fsync: false });
    } catch (error) {
      throw new InputError(`cannot store sampled units in ${this.folder}: ${(error as Error).message}`);
    }
  }

  private file(key: string): string {
    return path.join(this.folder, key.slice(0, 2), `${key}.json`);
  }
}
