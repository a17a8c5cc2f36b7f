import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDataset } from '@espalier/datasets';
import { png } from '../../../test/generate/png.ts';
import { TEST_HOME } from './espalier.ts';

const PER_CLASS = { train: 60, test: 30 } as const;

/** Of the test split. */
export const CIFAR_PICTURES = 10 * PER_CLASS.test;

/**
 * A folder of real pictures of CIFAR-10, few enough that a command has looked at all of them in a moment and many
 * enough that the shipped network is seen to know them. Made once.
 */
export async function cifarPictures(): Promise<string> {
  const root = path.join(TEST_HOME, 'cifar-pictures');
  if (
    await access(root).then(
      () => true,
      () => false,
    )
  )
    return root;
  await mkdir(TEST_HOME, { recursive: true });
  const made = await mkdtemp(path.join(TEST_HOME, 'cifar-pictures-'));
  const dataset = await openDataset('cifar10', { home: TEST_HOME });
  for (const split of ['train', 'test'] as const) {
    const { labels } = dataset.splits[split];
    for (const [label, name] of dataset.classes.entries()) {
      const folder = path.join(made, split, name);
      await mkdir(folder, { recursive: true });
      const indices = [...labels.keys()].filter((i) => labels[i] === label).slice(0, PER_CLASS[split]);
      const pixels = await dataset.pixels(split, Uint32Array.from(indices), {
        width: 32,
        height: 32,
        channels: 3,
      });
      for (const [k] of indices.entries()) {
        const image = pixels.subarray(k * 3072, (k + 1) * 3072);
        await writeFile(path.join(folder, `${k}.png`), png(32, 32, Uint8Array.from(image)));
      }
    }
  }
  await dataset.close();
  // Another file of tests may have made one meanwhile: the same.
  await rename(made, root).catch(() => rm(made, { recursive: true, force: true }));
  return root;
}
