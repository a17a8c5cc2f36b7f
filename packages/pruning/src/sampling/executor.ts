import type { FloatTensor } from '@espalier/network';
import type { CellScores } from './cell.ts';

/** The cells to measure of one group: `removed` units each, ascending, none of them 0. */
export interface RowWork {
  /** Index of the group among the ranked groups. */
  readonly row: number;
  readonly removed: readonly number[];
}

/** Images of one block, ready to be fed, and their labels in the network's class order. */
export interface ImageBlock {
  /** [n, c, h, w] */
  readonly input: FloatTensor;
  readonly labels: ArrayLike<number>;
}

export interface RowScores {
  /** Index of the ranked group, -1 for the baseline. */
  readonly row: number;
  /** By units removed; 0 for the baseline. */
  readonly cells: ReadonlyMap<number, CellScores>;
}

/** Measures cells. Implementations differ in speed only: all give the same predictions. */
export interface SweepExecutor {
  /**
   * Yields the baseline first if it is wanted, then each row as soon as it is complete.
   * @param onImages called with the number of (image, cell) pairs done since the last call
   */
  run(
    block: ImageBlock,
    work: { readonly baseline: boolean; readonly rows: readonly RowWork[] },
    hooks: { readonly onImages?: (count: number) => void; readonly signal?: AbortSignal },
  ): AsyncIterable<RowScores>;
  dispose(): Promise<void>;
}
