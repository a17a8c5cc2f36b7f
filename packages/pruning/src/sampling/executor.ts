import type { Engine, OutputKind } from '@espalier/engines';
import { type ChannelMap, type FloatTensor, floatTensor, type Network, sizeOf } from '@espalier/network';
import type { Ranking } from '../criteria/index.ts';
import type { CellScores } from './cell.ts';

/** The cells to measure of one group: units removed, ascending, none of them 0. */
export interface RowWork {
  /** Index of the group among the ranked groups. */
  readonly row: number;
  readonly removed: readonly number[];
}

/** Images ready to be fed, and their labels in the network's class order. */
export interface ImageBlock {
  /** [n, c, h, w] */
  readonly input: FloatTensor;
  readonly labels: ArrayLike<number>;
}

/** Cells of one row over the images [from, from + n) of the block. */
export interface RowScores {
  /** Index of the ranked group, -1 for the baseline. */
  readonly row: number;
  readonly from: number;
  /** Scores by the number of units removed; 0 for the baseline. */
  readonly cells: ReadonlyMap<number, CellScores>;
}

/** Measures cells. Implementations differ in speed only: all give the same predictions. */
export interface SweepExecutor {
  /**
   * Yields scores as soon as they are there, each row's images in order.
   * @param hooks.onImages called with the number of (image, cell) pairs done since the last call
   */
  run(
    block: ImageBlock,
    work: { readonly baseline: boolean; readonly rows: readonly RowWork[] },
    hooks: { readonly onImages?: (count: number) => void; readonly signal?: AbortSignal },
  ): AsyncIterable<RowScores>;
  dispose(): Promise<void>;
}

export interface ExecutorOptions {
  readonly engine: Engine;
  readonly network: Network;
  readonly map: ChannelMap;
  readonly rankings: readonly Ranking[];
  readonly output: OutputKind;
  /** Images a call. */
  readonly batch: number;
}

/** A block in pieces of at most `size` images. */
export function* batches({ input, labels }: ImageBlock, size: number): Generator<ImageBlock> {
  const [n = 0, ...rest] = input.dims;
  const each = sizeOf(rest);
  for (let from = 0; from < n; from += size) {
    const to = Math.min(n, from + size);
    yield {
      input: floatTensor([to - from, ...rest], input.data.subarray(from * each, to * each)),
      labels: Array.from({ length: to - from }, (_, i) => labels[from + i] ?? 0),
    };
  }
}
