import type { Engine, LabelledImages, OutputKind } from '@espalier/engines';
import { type ChannelMap, floatTensor, type Network, sizeOf } from '@espalier/network';
import type { Ranking } from '../criteria/index.ts';
import type { CellScores } from './cell.ts';
import type { Measure } from './scorer.ts';

/** The cells to measure of one group: units removed, ascending, none of them 0. */
export interface RowWork {
  /** Index of the group among the ranked groups. */
  readonly row: number;
  readonly removed: readonly number[];
}

/** What to measure on a block of images. */
export interface BlockWork {
  readonly baseline: boolean;
  readonly rows: readonly RowWork[];
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
    block: LabelledImages,
    work: BlockWork,
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
  readonly measure: Measure;
  /** Images per call. */
  readonly batch: number;
}

/** A block in pieces of at most `size` images. */
export function* batches({ input, labels, shown }: LabelledImages, size: number): Generator<LabelledImages> {
  const [n = 0, ...rest] = input.dims;
  const each = sizeOf(rest);
  for (let from = 0; from < n; from += size) {
    const to = Math.min(n, from + size);
    yield {
      input: floatTensor([to - from, ...rest], input.data.subarray(from * each, to * each)),
      labels: labels.subarray(from, to),
      ...(shown ? { shown: shown.slice(from, to) } : {}),
    };
  }
}
