import type { Dataset, Geometry, ImageShape, SplitName } from '@espalier/datasets';
import { Random } from '../../network/test/random.ts';

export interface TinyOptions {
  readonly image?: ImageShape | null;
  readonly classes?: readonly string[];
  /** Images of every split. */
  readonly n?: number;
}

/** Random images and labels in memory, of the size that is asked for. */
export function tinyDataset({
  image = { width: 6, height: 6, channels: 3 },
  classes = Array.from({ length: 10 }, (_, i) => `class${i}`),
  n = 20,
}: TinyOptions = {}): Dataset {
  const random = new Random(7);
  const labels = Uint16Array.from({ length: n }, () => random.integer(0, classes.length - 1));
  const split = { n, labels };
  return {
    name: 'tiny',
    classes,
    hash: 'tiny',
    splits: { train: split, search: split, test: split },
    image,
    async pixels(_split: SplitName, indices: ArrayLike<number>, { height, width, channels }: Geometry) {
      const size = height * width * channels;
      const pixels = new Uint8Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) {
        const own = new Random(1000 + (indices[i] ?? 0));
        for (let p = 0; p < size; p++) pixels[i * size + p] = own.integer(0, 255);
      }
      return pixels;
    },
    async facts(split, indices) {
      return Array.from(indices, (index) => ({
        ...{ name: `${split}/${index}`, width: 6, height: 6 },
        label: classes.length === 0 ? null : (labels[index] ?? 0),
      }));
    },
    async close() {},
  };
}
