import { geometryOf, inputValues, openDataset, pngOf, readPicture } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Answers, Task } from './task.ts';

type PreviewTask = Extract<Task, { readonly kind: 'inputPreview' }>;

/** Pixels. The values are those of the whole input, however large it is. */
const LARGEST_SHOWN = 512;

/**
 * One image as a network gets it.
 *
 * @throws {InputError} for a picture that cannot be read, an index outside of the split, a preprocessing without sense
 */
export async function previewInput(task: PreviewTask): Promise<Answers['inputPreview']> {
  const { preprocessing } = task;
  const shape = geometryOf(preprocessing);
  const pixels = await pixelsOf(task);
  return {
    png: await pngOf(pixels, shape, Math.min(LARGEST_SHOWN, Math.max(shape.height, shape.width))),
    channels: inputValues(pixels, preprocessing),
  };
}

async function pixelsOf({ file, of, name, home, index, preprocessing }: PreviewTask): Promise<Uint8Array> {
  const geometry = geometryOf(preprocessing);
  if (of === 'picture') {
    if (file === null) throw new Error('a picture is a file');
    return readPicture(file, geometry);
  }
  const dataset = await openDataset(file ?? name, { home, name });
  try {
    const { n } = dataset.splits.search;
    if (n === 0) throw new InputError('the search split has no image', 'image');
    if (index >= n) throw new InputError(`the search split has ${n} images: give 0 to ${n - 1}`, 'index');
    return await dataset.pixels('search', [index], geometry);
  } finally {
    await dataset.close();
  }
}
