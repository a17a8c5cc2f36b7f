import { InputError } from '@espalier/errors';
import {
  exposeStatistics,
  type FloatTensor,
  floatTensor,
  inferShapes,
  inputOf,
  meanOf,
  type Network,
  sizeOf,
  varianceOf,
} from '@espalier/network';
import type { Engine } from '../engine.ts';
import { averagedOutputs } from './averages.ts';

/**
 * BatchNorm recalibration: the running statistics become those that the network itself has on training
 * images. Every BatchNorm is spelled out with the statistics of its batch, which are returned beside the
 * outputs and averaged over the batches (each batch counting by its images, variances unbiased).
 */
export async function recalibrate(
  network: Network,
  engine: Engine,
  batches: AsyncIterable<FloatTensor>,
): Promise<Network> {
  const norms = network.nodes.filter((node) => node.op === 'BatchNormalization');
  if (norms.length === 0) {
    throw new InputError(
      `network "${network.name}" has no BatchNorm to recalibrate (it may be folded into the convolutions)`,
      'recalibrate',
    );
  }
  const shapes = inferShapes(network, 1);
  /** Pixels of one image that share a channel's statistics, by the variance's name. */
  const positions = new Map(
    norms.map((node) => [varianceOf(node.name), sizeOf(shapes.get(inputOf(node, 0))?.slice(2) ?? [])]),
  );
  const names = norms.flatMap(({ name }) => [meanOf(name), varianceOf(name)]);
  const averages = await averagedOutputs(
    engine,
    exposeStatistics(network),
    batches,
    names,
    (name, images) => {
      const count = images * (positions.get(name) ?? 0);
      return count > 1 ? count / (count - 1) : 1;
    },
  );
  const constants = new Map(network.constants);
  for (const [index, of] of [[3, meanOf] as const, [4, varianceOf] as const]) {
    for (const statistic of new Set(norms.map((node) => inputOf(node, index)))) {
      // A BatchNorm that is applied several times has the average of its uses.
      const uses = norms.filter((node) => inputOf(node, index) === statistic);
      const values = uses.map(({ name }) => averages.get(of(name)) ?? new Float64Array());
      const mean = Float32Array.from(
        values[0] ?? [],
        (_, c) => values.reduce((sum, each) => sum + (each[c] ?? 0), 0) / uses.length,
      );
      constants.set(statistic, floatTensor([mean.length], mean));
    }
  }
  return { ...network, constants };
}
