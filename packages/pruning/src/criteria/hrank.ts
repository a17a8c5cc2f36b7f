import {
  type FloatTensor,
  fedWith,
  inferShapes,
  type Network,
  outputOf,
  sizeOf,
  subnetwork,
} from '@espalier/network';
import type { Evidence, EvidenceSubject } from '../evidence/evidence.ts';
import { evidenceOf, type MemberCriterion } from './criterion.ts';
import { producersOf, prunableProducers, unitWithin } from './filters.ts';
import { matrixRank } from './matrix-rank.ts';

/** Values of the feature maps of one call of the engine. */
const VALUES_A_CALL = 2 ** 24;
const MOST_IMAGES = 32;

/** Between a layer and its activation. */
const ON_THE_WAY = new Set(['Add', 'BatchNormalization', 'Identity']);
const ACTIVATIONS = new Set([
  'Clip',
  'Elu',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'LeakyRelu',
  'Mish',
  'PRelu',
  'Relu',
  'Sigmoid',
  'Softplus',
  'Tanh',
]);

/**
 * The rank of a producer's feature map (h x w), averaged over 128 training images: what is nearly always of low rank
 * carries little. The map is taken where the next layers read it, behind BatchNorm, a residual sum and the activation,
 * as far as these follow one another only reading in between: what a convolution itself computes has full
 * rank almost always. A map of one pixel has the rank 1 unless it is 0. Lin, Ji, Wang, Zhang, Zhang, Tian, Shao,
 * "HRank: filter pruning using high-rank feature map", CVPR 2020.
 */
export const hrank: MemberCriterion = {
  name: 'hrank',
  description: 'rank of the feature maps of a filter on training images',
  drawsBySeed: true,
  evidence: { kind: 'feature-maps', images: 128, gather },
  members(group, context) {
    const { network, map } = context;
    return producersOf(group, map).map(({ node }) => {
      const value = featureMap(network, node);
      const axes = map.axes.get(value) ?? [];
      const labels = axes[channelAxis(axes)] ?? [];
      return {
        units: Int32Array.from(labels, (unit) => unitWithin(group, unit)),
        scores: evidenceOf(context, 'hrank', node),
      };
    });
  },
};

async function gather({ network, map, engine, sample }: EvidenceSubject): Promise<Evidence> {
  const producers = prunableProducers(map).map(({ node }) => ({ node, value: featureMap(network, node) }));
  const values = [...new Set(producers.map(({ value }) => value))];
  const shapes = inferShapes(network, 1);
  const size = values.reduce((sum, value) => sum + sizeOf(shapes.get(value) ?? []), 0);
  const images = Math.max(1, Math.min(MOST_IMAGES, Math.floor(VALUES_A_CALL / size)));
  const means = new Map<string, Float64Array>();
  const inputs = network.inputs.map(({ name }) => name);
  const executable = await engine.compile(subnetwork(network, inputs, values));
  try {
    for await (const batch of sample.batches(images)) {
      const maps = await executable.run(fedWith(network, batch.input));
      for (const value of values) {
        const ranks = summedRanks(maps[value]);
        const mean = means.get(value) ?? new Float64Array(ranks.length);
        ranks.forEach((rank, channel) => {
          mean[channel] = (mean[channel] ?? 0) + rank / sample.images;
        });
        means.set(value, mean);
      }
    }
  } finally {
    await executable.dispose();
  }
  return new Map(producers.map(({ node, value }) => [node, means.get(value) ?? new Float64Array()]));
}

/** Where the next layers read what a node computes. */
function featureMap({ nodes, outputs }: Network, producer: string): string {
  const node = nodes.find(({ name }) => name === producer);
  let value = node ? outputOf(node) : '';
  for (;;) {
    const [next, ...others] = nodes.filter(({ inputs }) => inputs.includes(value));
    if (!next || others.length > 0 || outputs.includes(value)) return value;
    if (ACTIVATIONS.has(next.op)) return outputOf(next);
    if (!ON_THE_WAY.has(next.op)) return value;
    value = outputOf(next);
  }
}

/** [n, c, h, w], or channels last, as a dense layer returns them. */
function channelAxis({ length }: { readonly length: number }): number {
  return length === 4 ? 1 : length - 1;
}

/** The ranks of each channel's maps, summed over the images of a batch. */
function summedRanks(maps: FloatTensor | undefined): Float64Array {
  if (!maps) throw new Error('a feature map was not computed');
  const { dims, data } = maps;
  const channels = dims[channelAxis(dims)] ?? 0;
  const sums = new Float64Array(channels);
  if (dims.length === 4) {
    const [n = 0, , height = 0, width = 0] = dims;
    const size = height * width;
    for (let map = 0; map < n * channels; map++) {
      const channel = map % channels;
      const rank = matrixRank(data.subarray(map * size, (map + 1) * size), height, width);
      sums[channel] = (sums[channel] ?? 0) + rank;
    }
    return sums;
  }
  // A column of values an image, of rank 1 unless all are 0.
  const rows = data.length / channels / (dims[0] ?? 1);
  for (let image = 0; image < (dims[0] ?? 0); image++) {
    for (let channel = 0; channel < channels; channel++) {
      const column = Array.from(
        { length: rows },
        (_, row) => data[(image * rows + row) * channels + channel],
      );
      if (column.some((value) => value !== 0)) sums[channel] = (sums[channel] ?? 0) + 1;
    }
  }
  return sums;
}
