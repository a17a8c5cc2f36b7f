import { expect, it } from 'vitest';
import type { Dataset, SplitName } from './dataset.ts';
import { manifestHash, manifestOf } from './manifest.ts';

/** 300 grey images of 2 x 1 pixels: those of image i of split s are [i % 256, s]. */
const IMAGES = 300;
const order: readonly SplitName[] = ['train', 'search', 'test'];

const dataset: Dataset = {
  name: 'made',
  classes: ['a', 'b'],
  hash: 'h',
  image: { width: 2, height: 1, channels: 1 },
  splits: {
    train: { n: IMAGES, labels: Uint16Array.from({ length: IMAGES }, (_, i) => i % 2) },
    search: { n: 0, labels: new Uint16Array() },
    test: { n: 1, labels: Uint16Array.of(1) },
  },
  pixels: async (split, indices) =>
    Uint8Array.from([...Array.from(indices)].flatMap((i) => [i % 256, order.indexOf(split)])),
  facts: async () => [],
  close: async () => {},
};

// Worked out with Python's hashlib:
//   lines = ''.join(sha256(bytes([i % 256, 0])).hexdigest() + f' {i % 2}\n' for i in range(300))
it('a split is told by its images and labels in order, as hashlib does it', async () => {
  expect(await manifestOf(dataset)).toEqual([
    {
      name: 'train',
      images: 300,
      sha256: '7daf9dab83e932232d8ae2aab0e0e2a8053b631e22146f379ac956ad41b31dcf',
    },
    { name: 'test', images: 1, sha256: 'cb0044a78c479754e9e146b0724e73d0ffb4d26a8e9951201a32e6ade99405d1' },
  ]);
});

it('the order in which splits are told does not matter, all else does', () => {
  const one = { name: 'train', images: 2, sha256: 'a' } as const;
  const other = { name: 'test', images: 1, sha256: 'b' } as const;
  const hash = manifestHash([one, other]);
  expect(manifestHash([other, one])).toBe(hash);
  const others = [[one], [one, { ...other, images: 2 }], [one, { ...other, name: 'search' as const }]];
  for (const splits of others) expect(manifestHash(splits)).not.toBe(hash);
});
