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
  const sums = new Map(
    norms.map((node) => {
      const [, channels = 0, ...space] = shapes.get(inputOf(node, 0)) ?? [];
      return [node.name, new Moments(channels, sizeOf(space))];
    }),
  );
  const executable = await engine.compile(exposeStatistics(network));
  try {
    const input = network.inputs[0]?.name ?? '';
    for await (const batch of batches) {
      const outputs = await executable.run({ [input]: batch });
      for (const [node, moments] of sums) {
        moments.add(outputs[meanOf(node)], outputs[varianceOf(node)], batch.dims[0] ?? 1);
      }
    }
  } finally {
    await executable.dispose();
  }
  const constants = new Map(network.constants);
  for (const node of norms) {
    const moments = sums.get(node.name);
    if (!moments) continue;
    constants.set(inputOf(node, 3), moments.mean());
    constants.set(inputOf(node, 4), moments.variance());
  }
  return { ...network, constants };
}

/** Averages per-channel means and variances over batches, in double precision. */
class Moments {
  private readonly means: Float64Array;
  private readonly variances: Float64Array;
  private readonly positions: number;
  private images = 0;

  /** @param positions pixels of one image that share a channel's statistics */
  constructor(channels: number, positions: number) {
    this.positions = positions;
    this.means = new Float64Array(channels);
    this.variances = new Float64Array(channels);
  }

  add(mean: FloatTensor | undefined, variance: FloatTensor | undefined, images: number): void {
    this.images += images;
    const share = images / this.images;
    const count = images * this.positions;
    const unbiased = count > 1 ? count / (count - 1) : 1;
    for (let c = 0; c < this.means.length; c++) {
      this.means[c] = (this.means[c] ?? 0) + share * ((mean?.data[c] ?? 0) - (this.means[c] ?? 0));
      this.variances[c] =
        (this.variances[c] ?? 0) + share * ((variance?.data[c] ?? 0) * unbiased - (this.variances[c] ?? 0));
    }
  }

  mean(): FloatTensor {
    return floatTensor([this.means.length], Float32Array.from(this.means));
  }

  variance(): FloatTensor {
    return floatTensor([this.variances.length], Float32Array.from(this.variances));
  }
}
