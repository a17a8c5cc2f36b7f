import type { Dataset, SplitName } from '@espalier/datasets';
import { fedWith, type Network } from '@espalier/network';
import type { Engine } from '../engine.ts';
import { chosen, DEFAULT_BATCH, type EvaluateOptions, readAhead } from './evaluate.ts';
import { checkFits } from './fits.ts';
import { type ImageMetric, keptOf, resultOf } from './image-metric.ts';
import { imageReader } from './image-reader.ts';

/** What a network is worth by a metric of all images together. */
export interface ImagesEvaluation {
  readonly value: number;
  readonly n: number;
  /** Wall-clock, with compiling and reading. */
  readonly seconds: number;
}

/**
 * A network on a split by a metric that is a number of all images together.
 *
 * @throws {InputError} if network and data set do not fit, or the metric fails
 */
export async function evaluateImages(
  engine: Engine,
  network: Network,
  dataset: Dataset,
  split: SplitName,
  metric: ImageMetric,
  options: EvaluateOptions = {},
): Promise<ImagesEvaluation> {
  const started = performance.now();
  checkFits(network, dataset, 'model', metric);
  const reader = imageReader(network, dataset);
  const indices = chosen(dataset, split, options);
  const judge = metric.start();
  const kept: unknown[] = [];
  const executable = await engine.compile(network, { optimiseFor: 'throughput' });
  try {
    const read = (from: number) =>
      reader.readShown(split, indices.subarray(from, from + (options.batch ?? DEFAULT_BATCH)));
    for await (const { input, shown = [] } of readAhead(read, indices.length)) {
      options.signal?.throwIfAborted();
      const outputs = await executable.run(fedWith(network, input));
      kept.push(...keptOf(metric, judge, network, outputs, shown));
      options.onProgress?.({ done: kept.length, total: indices.length });
    }
  } finally {
    await executable.dispose();
  }
  const value = resultOf(metric, judge, kept);
  return { value, n: kept.length, seconds: (performance.now() - started) / 1000 };
}
