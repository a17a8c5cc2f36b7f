import type { Dataset, SplitName } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, fedWith, type Network } from '@espalier/network';
import type { Engine, Executable } from '../engine.ts';
import { packFlags } from './bitmap.ts';
import { checkFits } from './fits.ts';
import { imageReader, type LabelledImages } from './image-reader.ts';
import { type OutputKind, type Scores, score } from './score.ts';

export interface EvaluateOptions {
  /** Which images of the split, and in which order. Default: all. */
  readonly indices?: ArrayLike<number> | undefined;
  /** Only the first so many of them. */
  readonly limit?: number | undefined;
  /** Images per call of the engine. Default 64. */
  readonly batch?: number | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How well a network does on some images. */
export interface Quality {
  /** Fraction 0..1. */
  readonly top1: number;
  /** Fraction 0..1; null below 6 classes. */
  readonly top5: number | null;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly n: number;
}

export interface Evaluation extends Quality {
  /** Which images are classified right, in the order of their evaluation: a bitmap as `packFlags` makes it. */
  readonly hits: Uint8Array<ArrayBuffer>;
  /** Wall-clock, with compiling and reading. */
  readonly seconds: number;
}

/** Large enough to fill the cores, small enough that activations stay in their caches. */
export const DEFAULT_BATCH = 64;

/**
 * Accuracy and loss of a network on a split.
 *
 * @throws {InputError} if network and data set do not fit, the split has no images, or the network computes
 * something that is not a number.
 */
export async function evaluate(
  engine: Engine,
  network: Network,
  dataset: Dataset,
  split: SplitName,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const started = performance.now();
  checkFits(network, dataset);
  const reader = imageReader(network, dataset);
  const indices = chosen(dataset, split, options);
  const total = new Tally(indices.length);
  const executable = await engine.compile(network, { optimiseFor: 'throughput' });
  try {
    const read = (from: number) =>
      reader.read(split, indices.subarray(from, from + (options.batch ?? DEFAULT_BATCH)));
    for await (const images of readAhead(read, indices.length)) {
      options.signal?.throwIfAborted();
      const scores = await scoreBatch(executable, network, images, reader.output);
      const bad = scores.loss.findIndex((loss) => !Number.isFinite(loss));
      if (bad >= 0) {
        throw new InputError(
          `network "${network.name}" has the loss ${scores.loss[bad]} on image ${indices[total.n + bad]} of the ${split} split of ${dataset.name}: it computes values that are not finite`,
        );
      }
      total.add(scores);
      options.onProgress?.({ done: total.n, total: indices.length });
    }
  } finally {
    await executable.dispose();
  }
  return { ...total.means(), seconds: (performance.now() - started) / 1000 };
}

/** Which images of a split. */
export function chosen(dataset: Dataset, split: SplitName, { indices, limit }: EvaluateOptions): Uint32Array {
  const all = indices ?? { length: dataset.splits[split].n };
  const taken = Uint32Array.from({ length: Math.min(all.length, limit ?? all.length) }, (_, i) =>
    indices ? (indices[i] ?? 0) : i,
  );
  if (taken.length === 0)
    throw new InputError(`the ${split} split of ${dataset.name} has no images to evaluate on`, 'dataset');
  return taken;
}

/** Batches of 0 .. total - 1, the next one on its way from the disk while the caller works on this one. */
export async function* readAhead(
  read: (from: number) => Promise<LabelledImages>,
  total: number,
): AsyncGenerator<LabelledImages> {
  let next = read(0);
  for (let from = 0; from < total; ) {
    const images = await next;
    from += images.labels.length;
    if (from < total) {
      next = read(from);
      // It is awaited in the next round, if there is one: until then nobody else would handle a failure.
      next.catch(() => {});
    }
    yield images;
  }
}

/**
 * Runs a compiled network on a batch and scores it.
 *
 * @param others what it takes beside the images
 */
export async function scoreBatch(
  executable: Executable,
  network: Network,
  { input, labels }: LabelledImages,
  kind: OutputKind,
  others: Readonly<Record<string, FloatTensor>> = {},
): Promise<Scores> {
  const [out = ''] = network.outputs;
  const { [out]: output } = await executable.run({ ...fedWith(network, input), ...others });
  if (!output) throw new Error(`network "${network.name}" returned no "${out}"`);
  return score(output, labels, kind);
}

class Tally {
  n = 0;
  private readonly hits1: Uint8Array;
  private hits5: number | null = 0;
  private loss = 0;

  constructor(images: number) {
    this.hits1 = new Uint8Array(images);
  }

  add({ hit1, hit5, loss }: Scores): void {
    this.hits1.set(hit1, this.n);
    this.n += hit1.length;
    this.hits5 = hit5 && this.hits5 !== null ? this.hits5 + sum(hit5) : null;
    this.loss += sum(loss);
  }

  means(): Omit<Evaluation, 'seconds'> {
    const { n, hits1, hits5, loss } = this;
    const top5 = hits5 === null ? null : hits5 / n;
    return { top1: sum(hits1) / n, top5, loss: loss / n, n, hits: packFlags(hits1) };
  }
}

function sum(values: Uint8Array | Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
