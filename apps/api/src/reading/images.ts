import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  classCounts,
  type Dataset,
  notPacked,
  openDataset,
  type PackSize,
  packDataset,
  SPLIT_NAMES,
  usualSize,
} from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { checkClasses } from '../datasets/classes.ts';
import type { Answers, Task } from './task.ts';
import { unzipImages } from './unzip.ts';

type ImagesTask = Extract<Task, { readonly kind: 'images' }>;

/**
 * Unpacks a zip of images and says what a data set of them would be; packs it where a place for that is given. All of
 * it is done within the folder of the task.
 *
 * @throws {InputError} for a zip, a folder or an image that cannot be used, named as in the zip
 */
export async function readImages(task: ImagesTask): Promise<Answers['images']> {
  const { file, name, folder, size, valAs, packed, most } = task;
  const unpacked = path.join(folder, 'images');
  await mkdir(unpacked);
  let root = unpacked;
  try {
    const hidden = await unzipImages(file, unpacked, most);
    root = await withoutWrapping(unpacked);
    const notes = hidden.length > 0 ? [`left out: hidden files (${hidden.slice(0, 3).join(', ')})`] : [];
    let valIsChosen = false;
    const onNote = (text: string, option?: 'valAs') => {
      notes.push(text);
      valIsChosen ||= option === 'valAs';
    };
    const home = path.join(folder, 'home');
    const dataset = await openDataset(root, { home, onNote, ...(valAs === null ? {} : { valAs }) });
    try {
      checkClasses(name, dataset.classes);
      const missing = notPacked(dataset);
      if (missing !== null) notes.push(missing);
      if (packed !== null) await pack(dataset, packed, size, most.packed);
      return { ...factsOf(dataset), notes, valIsChosen };
    } finally {
      await dataset.close();
    }
  } catch (error) {
    throw asInTheZip(error, root, unpacked, name);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

/** A folder that is all that a zip has is around the data set, and none of its classes. */
async function withoutWrapping(unpacked: string): Promise<string> {
  let root = unpacked;
  for (;;) {
    const [only, ...others] = await readdir(root, { withFileTypes: true });
    if (!only?.isDirectory() || others.length > 0) return root;
    const inner = path.join(root, only.name);
    const isClass = !(await readdir(inner, { withFileTypes: true })).some((entry) => entry.isDirectory());
    // The folder of one class is not mistaken for a folder without classes.
    if (isClass && root !== unpacked) return root;
    root = inner;
  }
}

async function pack(dataset: Dataset, file: string, size: PackSize, mostBytes: number): Promise<void> {
  const { image, sizes, splits } = dataset;
  if (!size.height && image === null && sizes) {
    const { smallest, largest } = sizes;
    const range = `${smallest.width}x${smallest.height} to ${largest.width}x${largest.height} pixels`;
    throw new InputError(`the images differ in size (${range}): choose one for all of them`, 'height');
  }
  const { height, width } = { ...image, ...size };
  const images = SPLIT_NAMES.reduce((sum, split) => sum + splits[split].n, 0);
  const bytes = images * (height ?? 0) * (width ?? 0) * (size.channels ?? image?.channels ?? 3);
  if (bytes > mostBytes) {
    throw new InputError(
      `packed with ${width}x${height} pixels the images take ${Math.ceil(bytes / 1e6)} MB, and there is room for ${Math.floor(mostBytes / 1e6)} MB: choose a smaller size`,
      'height',
    );
  }
  await packDataset(dataset, file, { size });
}

function factsOf(dataset: Dataset): Omit<Answers['images'], 'notes' | 'valIsChosen'> {
  const { classes, image, sizes, splits } = dataset;
  if (!sizes) throw new Error('a folder has the sizes of its images');
  const { smallest, largest, gray } = sizes;
  const usual = image === null ? usualSize(sizes) : null;
  return {
    classes: [...classes],
    splits: SPLIT_NAMES.map((name) => ({
      name,
      images: splits[name].n,
      classCounts: classCounts(splits[name], classes.length),
    })),
    smallest: { width: smallest.width, height: smallest.height },
    largest: { width: largest.width, height: largest.height },
    channels: gray ? 1 : 3,
    usual: usual && { height: usual.height, width: usual.width, resize: usual.resize ?? null },
  };
}

/** A person knows names within the zip, and no folder of ours. */
function asInTheZip(error: unknown, root: string, unpacked: string, name: string): unknown {
  if (!(error instanceof InputError)) return error;
  const message = [root, unpacked].reduce(
    (text, place) => text.replaceAll(`${place}/`, '').replaceAll(place, name),
    error.message,
  );
  return new InputError(message, error.field, ...error.others);
}
