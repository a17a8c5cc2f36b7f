import { InputError } from '@espalier/errors';
import { type CellScores, firstOf, imagesOf, isKept, isScored, joinCells } from './cell.ts';
import type { RowScores, RowWork } from './executor.ts';
import type { StoredUnit, UnitStore } from './unit-store.ts';

/** Images of a block: what is measured, stored and shared out at a time. Part of every unit's key. */
export const SAMPLING_BLOCK = 100;

/** Images that are sampled where nobody needs a number; fewer if there are fewer. */
export const USUAL_SAMPLES = 1000;

/** Index of the baseline's row. */
export const BASELINE = -1;

/** What a block still lacks. */
export interface MissingCells {
  readonly block: SampledBlock;
  /** By the first image that is missing. */
  readonly work: ReadonlyMap<number, readonly RowWork[]>;
  /** (image, cell) pairs. */
  readonly pairs: number;
}

/**
 * One block of sample images and what is known of it: for every row (the baseline and each ranked group)
 * the stored unit and which of its cells still miss images.
 */
export class SampledBlock {
  /** Place of the block's first image in the sweep's order. */
  readonly from: number;
  /** Its images, as indices of the split. */
  readonly indices: Uint32Array;
  private readonly store: UnitStore;
  private readonly units = new Map<number, { key: string; cells: StoredUnit }>();
  private readonly wanted: readonly RowWork[];
  /** Cells that were measured in this call count from their first image. */
  private readonly ignored = new Set<string>();

  private constructor(store: UnitStore, from: number, indices: Uint32Array, wanted: readonly RowWork[]) {
    this.store = store;
    this.from = from;
    this.indices = indices;
    this.wanted = wanted;
  }

  /**
   * @param wanted rows with the units that their cells remove; the baseline's row removes [0]
   * @param keyOf key of a row's stored unit
   */
  static async open(
    store: UnitStore,
    from: number,
    indices: Uint32Array,
    wanted: readonly RowWork[],
    keyOf: (row: number) => string,
    fresh: boolean,
  ): Promise<SampledBlock> {
    const block = new SampledBlock(store, from, indices, wanted);
    for (const { row, removed } of wanted) {
      const key = keyOf(row);
      block.units.set(row, { key, cells: await store.get(key) });
      if (fresh) for (const cell of removed) block.ignored.add(`${row}/${cell}`);
    }
    return block;
  }

  /** How many of the block's images per cell has, from the first on. */
  known(row: number, removed: number): number {
    if (this.ignored.has(`${row}/${removed}`)) return 0;
    const cell = this.units.get(row)?.cells.get(removed);
    return cell ? Math.min(imagesOf(cell), this.indices.length) : 0;
  }

  /** What is still to be measured of the cells that are wanted now. */
  missing(wanted: (row: number, removed: number) => boolean = () => true): MissingCells {
    const work = new Map<number, RowWork[]>();
    let pairs = 0;
    for (const { row, removed } of this.wanted) {
      const now = removed.filter((cell) => wanted(row, cell));
      for (const from of new Set(now.map((cell) => this.known(row, cell)))) {
        if (from === this.indices.length) continue;
        const cells = now.filter((cell) => this.known(row, cell) === from);
        work.set(from, [...(work.get(from) ?? []), { row, removed: cells }]);
        pairs += cells.length * (this.indices.length - from);
      }
    }
    return { block: this, work, pairs };
  }

  /** Takes a measured row in, the images [from, end), and stores it. */
  async add(from: number, { row, cells }: RowScores): Promise<void> {
    const unit = this.units.get(row);
    if (!unit) throw new Error(`row ${row} was not asked for`);
    for (const [removed, scores] of cells) {
      if (!isNumbers(scores)) {
        const what = removed === 0 ? 'unpruned' : `with ${removed} units removed`;
        throw new InputError(`the network's outputs are not numbers (NaN) on some images, ${what}`);
      }
      const before = from > 0 ? unit.cells.get(removed) : undefined;
      unit.cells.set(removed, before ? joinCells([firstOf(before, from), scores]) : scores);
      this.ignored.delete(`${row}/${removed}`);
    }
    await this.store.put(unit.key, unit.cells);
  }

  /** A complete cell. */
  cell(row: number, removed: number): CellScores {
    const scores = this.units.get(row)?.cells.get(removed);
    if (!scores || imagesOf(scores) < this.indices.length)
      throw new Error(`cell ${row}/${removed} is incomplete`);
    return firstOf(scores, this.indices.length);
  }
}

/** Differences that are not finite could not be written; a loss may be infinite. */
function isNumbers(cell: CellScores): boolean {
  if (isKept(cell)) return true;
  if (isScored(cell)) return !cell.loss.some(Number.isNaN);
  return cell.outputs.every(
    ({ error, kl }) => error.every(Number.isFinite) && (kl?.every(Number.isFinite) ?? true),
  );
}
