import { basename } from 'node:path';
import { InputError } from '@espalier/errors';
import type { OpenOptions } from '../dataset.ts';
import { CLASS_NAMES, readBoxes } from './boxes.ts';
import { type Annotations, folderOf, stemOf } from './label-files.ts';
import type { LeftOut } from './left-out.ts';
import { masksOf, readMasks } from './masks.ts';
import { readSeveral } from './several.ts';

/** Of a table of labels, in a part's folder or in the data set's own. */
const TABLES = ['labels.csv', '_classes.csv'];

/** Whether a file of a folder of images says what they show. */
export function isLabelTable(name: string): boolean {
  return TABLES.includes(basename(name));
}

type Files = readonly (readonly string[])[];

/** See `Layout`. */
interface Bare {
  readonly train: Files;
  readonly search: Files | null;
  readonly test: Files | null;
  readonly held: Files | null;
}

/**
 * Looks for labels beside the images of a folder without classes: a table `labels.csv`, a text file for each image with
 * boxes, or a PNG for each image with a mask. What is used is not left out any more, and masks are no images.
 *
 * @throws {InputError} where there are two kinds, or labels do not fit the images
 */
export async function readAnnotations<L extends Bare>(
  root: string,
  layout: L,
  leftOut: LeftOut,
  { onNote }: Pick<OpenOptions, 'onNote'>,
): Promise<{ readonly layout: L; readonly annotations: Annotations | null }> {
  const images = [layout.train, layout.search, layout.test, layout.held].flatMap(
    (part) => part?.flat() ?? [],
  );
  const tables = tablesOf(images, leftOut);
  const boxes = boxesOf(images, leftOut);
  const masks = masksOf(images);
  const found = [
    tables.length > 0 ? tables[0] : null,
    boxes.size > 0 ? [...boxes.values()][0] : null,
    masks.whole ? [...masks.of.values()][0] : null,
  ].filter((each) => each != null);
  if (found.length > 1) {
    throw new InputError(
      `${basename(root)} has labels of two kinds, ${found.join(' and ')}: leave one kind`,
      'dataset',
    );
  }
  if (!masks.whole && masks.of.size > 0) {
    onNote?.(
      `${basename(root)}: ${masks.of.size} of ${images.length - masks.of.size} images have a mask beside them; masks count only if each image has one, so these are used as images`,
    );
  }
  if (tables.length > 0) {
    for (const table of tables) leftOut.take(table);
    return { layout, annotations: await readSeveral(root, images, tables) };
  }
  if (boxes.size > 0) {
    for (const file of [...boxes.values(), CLASS_NAMES]) leftOut.take(file);
    return { layout, annotations: await readBoxes(root, boxes) };
  }
  if (!masks.whole) return { layout, annotations: null };
  const isMask = new Set(masks.of.values());
  const without = (part: Files | null) =>
    part?.map((files) => files.filter((file) => !isMask.has(file))) ?? null;
  const { train, search, test, held } = layout;
  return {
    layout: {
      ...layout,
      ...{ train: without(train) ?? [], search: without(search), test: without(test), held: without(held) },
    },
    annotations: await readMasks(root, masks.of),
  };
}

function tablesOf(images: readonly string[], leftOut: LeftOut): string[] {
  const folders = new Set(['', ...images.map(folderOf)]);
  return [...folders]
    .flatMap((folder) => TABLES.map((name) => folder + name))
    .filter((path) => leftOut.has(path));
}

/** The text file of each image that has one. */
function boxesOf(images: readonly string[], leftOut: LeftOut): Map<string, string> {
  const of = images.map((image): [string, string] => [image, `${stemOf(image)}.txt`]);
  return new Map(of.filter(([, text]) => leftOut.has(text) && text !== CLASS_NAMES));
}
