import { type Attributes, inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';
import { partsOf } from './conv.ts';

export type BlockAttributes = Attributes & { readonly blocksize: number };
/**
 * Where the r x r pixels of a channel lie among the channels: one after the other (CRD), or a channel of each pixel
 * (DCR).
 */
export type DepthToSpaceAttributes = BlockAttributes & { readonly mode: 'CRD' | 'DCR' };

/** Blocks of r x r channels become pixels: a channel that comes out is a unit of r x r that go in. */
export const depthToSpace: Operation<DepthToSpaceAttributes> = {
  op: 'DepthToSpace',

  shapes(node, [x = []]) {
    const { blocksize: r } = node.attributes;
    const [n = 0, channels = 0, height = 0, width = 0] = x;
    if (x.length !== 4 || r < 1 || channels % r ** 2 !== 0) {
      throw new Error(`the channels of its input [${x}] are not made of blocks of ${r} x ${r}`);
    }
    return [[n, channels / r ** 2, height * r, width * r]];
  },

  couple(node, coupler) {
    const { blocksize, mode } = node.attributes;
    const labels = coupler.labels(inputOf(node, 0), 1);
    if (!labels) return;
    const pixels = blocksize ** 2;
    const parts =
      mode === 'DCR'
        ? partsOf(labels, pixels)
        : Array.from({ length: pixels }, (_, pixel) => labels.filter((_, i) => i % pixels === pixel));
    const [first = labels, ...others] = parts;
    const reason = `DepthToSpace "${node.name}" makes one channel of ${pixels}, and one of them cannot be removed`;
    for (const other of others) coupler.unite(first, other, reason);
    coupler.label(outputOf(node), 1, first);
  },
};

/** Pixels become channels: of each pixel of a block all channels, block by block. */
export const spaceToDepth: Operation<BlockAttributes> = {
  op: 'SpaceToDepth',

  shapes(node, [x = []]) {
    const { blocksize: r } = node.attributes;
    const [n = 0, channels = 0, height = 0, width = 0] = x;
    if (x.length !== 4 || r < 1 || height % r !== 0 || width % r !== 0) {
      throw new Error(`its input [${x}] is not made of blocks of ${r} x ${r} pixels`);
    }
    return [[n, channels * r ** 2, height / r, width / r]];
  },

  couple(node, coupler) {
    const labels = coupler.labels(inputOf(node, 0), 1);
    if (!labels) return;
    const times = node.attributes.blocksize ** 2;
    const repeated = Int32Array.from(
      { length: times * labels.length },
      (_, i) => labels[i % labels.length] ?? 0,
    );
    coupler.label(outputOf(node), 1, repeated);
  },
};
