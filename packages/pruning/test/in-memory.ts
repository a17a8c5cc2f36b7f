import type { Dataset, Geometry, SplitName } from '@espalier/datasets';
import type { NetworkMetadata } from '@espalier/network';

/** Images of [size, size, 3], each channel of which is written by hand: 0..255, row-major. */
export type Picture = readonly [readonly number[], readonly number[], readonly number[]];

/** A data set of pictures, the same in every split. */
export function inMemory(pictures: readonly Picture[], size: number, classes: number): Dataset {
  const labels = Uint16Array.from(pictures, (_, i) => i % classes);
  const split = { n: pictures.length, labels };
  return {
    name: 'in-memory',
    classes: Array.from({ length: classes }, (_, i) => `class${i}`),
    hash: 'in-memory',
    splits: { train: split, search: split, test: split },
    image: { width: size, height: size, channels: 3 },
    async pixels(_split: SplitName, indices: ArrayLike<number>, { height, width }: Geometry) {
      return Uint8Array.from({ length: indices.length * height * width * 3 }, (_, i) => {
        const picture = pictures[indices[Math.floor(i / (height * width * 3))] ?? 0];
        return picture?.[(i % 3) as 0 | 1 | 2][Math.floor(i / 3) % (height * width)] ?? 0;
      });
    },
    facts: async () => [],
    async close() {},
  };
}

/** Pixels as they are, 0..1. */
export function plainPixels(size: number): NetworkMetadata {
  const input = { layout: 'NCHW', channels: 'RGB', scale: 1 / 255 } as const;
  return { input: { ...input, size: [size, size], mean: [0, 0, 0], std: [1, 1, 1] }, output: 'logits' };
}
