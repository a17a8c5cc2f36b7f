import { basename, join } from 'node:path';
import { InputError } from '@espalier/errors';
import type { OpenOptions, SplitName } from '../dataset.ts';
import { readAnnotations } from './annotations.ts';
import type { Annotations } from './label-files.ts';
import { LeftOut } from './left-out.ts';
import { below, imagesBelow, isImage, type Listing, list, strays } from './walk.ts';

/** Labels are stored in 16 bits. */
const MOST_CLASSES = 2 ** 16;

/** What a folder of each split may be called, upper and lower case alike; the first that there is counts. */
const FOLDER_NAMES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training'],
  search: ['search', 'val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
};

/** The image files of one class, relative to the data set's folder, with `/`, in natural order. */
export type ClassFiles = readonly string[];

/**
 * What is in a folder of images: for each class, in the order of `classes`, its files. Without classes there is one
 * list of files, of images without labels.
 */
export interface Layout {
  readonly classes: readonly string[];
  readonly train: readonly ClassFiles[];
  /** null: out of train. */
  readonly search: readonly ClassFiles[] | null;
  /** null: out of train. */
  readonly test: readonly ClassFiles[] | null;
  /** Half of each class is search and half test, where these are null. */
  readonly held: readonly ClassFiles[] | null;
  /** What is beside images without classes, where there is something. */
  readonly annotations?: Annotations;
}

type Options = Pick<OpenOptions, 'valAs' | 'onNote'>;

/**
 * Reads the layout of a folder: class folders in it, or `train/` with class folders, and `val/`, `test/` or both with
 * the same ones (see `FOLDER_NAMES`). Images are in class folders at any depth, or directly in these folders, where
 * there are no classes.
 *
 * @throws {InputError} naming the folder or class that is missing or superfluous.
 */
export async function readLayout(root: string, options: Options): Promise<Layout> {
  const leftOut = new LeftOut();
  const parts = await readParts(root, options, leftOut);
  const { layout, annotations } =
    parts.classes.length > 0
      ? { layout: parts, annotations: null }
      : await readAnnotations(root, parts, leftOut, options);
  const line = leftOut.line();
  if (line !== null) options.onNote?.(`${basename(root)}: ${line}`);
  return annotations ? { ...layout, annotations } : layout;
}

/** A folder that holds class folders. */
interface Part {
  /** Its name; empty for the data set's own folder. */
  readonly name: string;
  readonly listing: Listing;
}

async function readParts(root: string, options: Options, leftOut: LeftOut): Promise<Layout> {
  const whole: Part = { name: '', listing: await list(root, '', leftOut) };
  const { folders } = whole.listing;
  const part = async (split: SplitName): Promise<Part | null> => {
    const name = FOLDER_NAMES[split].flatMap(
      (wanted) =>
        folders.find((each) => each === wanted) ??
        folders.find((each) => each.toLowerCase() === wanted) ??
        [],
    )[0];
    return name === undefined ? null : { name, listing: await list(root, name, leftOut) };
  };
  const [train, search, test] = [await part('train'), await part('search'), await part('test')];
  const isBare = await isDividedBare(root, folders, train, [search, test]);
  const divided = isBare || isDivided(root, folders, train, [search, test]) ? train : null;
  if (divided) {
    strays('', whole.listing, leftOut);
    const named = [train, search, test].map((each) => each?.name);
    for (const name of folders) if (!named.includes(name)) leftOut.add('beside', name);
    const [searched, tested] = [search, test].map((each) => (isBare ? each : labelled(each, leftOut)));
    return readDivided(root, divided, searched ?? null, tested ?? null, isBare, options, leftOut);
  }
  if (options.valAs !== undefined) throw new InputError(`${root} has no splits of its own`, 'valAs');
  const { classes, files } = await readClasses(root, whole, await hasBareImages(root, whole), leftOut);
  return { classes, train: files, search: null, test: null, held: null };
}

/** Whether a folder has parts; classes may be called like them. */
function isDivided(
  root: string,
  folders: readonly string[],
  train: Part | null,
  others: readonly (Part | null)[],
): train is Part {
  const has = (part: Part | null) => part !== null && part.listing.folders.length > 0;
  const named = [train, ...others].flatMap((part) => part?.name ?? []);
  if (train && (others.some(has) || (has(train) && named.length === folders.length))) return true;
  if (train && named.length > 1) throw noClasses(join(root, train.name));
  const half = [train, ...others].find(has);
  if (!half) return false;
  throw new InputError(
    half === train
      ? `${root} has ${half.name}/ with class folders in it, but no test/ and no val/: give one, or the class folders alone to have them split`
      : `${root} has ${half?.name}/ with class folders in it, but no train/: give both, or the class folders alone to have them split`,
  );
}

/** Whether a folder has parts, with images directly in each; classes may be called like them. */
async function isDividedBare(
  root: string,
  folders: readonly string[],
  train: Part | null,
  others: readonly (Part | null)[],
): Promise<boolean> {
  const parts = [train, ...others].flatMap((part) => part ?? []);
  if (!train || (parts.length === 1 && folders.length > 1)) return false;
  for (const part of parts) if (!(await hasBareImages(root, part))) return false;
  return true;
}

/** Whether images lie directly in a folder, and none in a folder below it. */
async function hasBareImages(root: string, { name, listing }: Part): Promise<boolean> {
  if (!listing.files.some(isImage)) return false;
  for (const folder of listing.folders) {
    if ((await imagesBelow(root, below(name, folder), new LeftOut())).length > 0) return false;
  }
  return true;
}

/** A part without class folders says no labels: it is none. */
function labelled(part: Part | null, leftOut: LeftOut): Part | null {
  if (!part || part.listing.folders.length > 0) return part;
  strays(part.name, part.listing, leftOut);
  return null;
}

async function readDivided(
  root: string,
  train: Part,
  search: Part | null,
  test: Part | null,
  isBare: boolean,
  { valAs, onNote }: Options,
  leftOut: LeftOut,
): Promise<Layout> {
  const { classes, files } = await readClasses(root, train, isBare, leftOut);
  const others = async (part: Part | null) =>
    part && readOthers(root, { train, classes }, part, leftOut, onNote);
  const [searched, tested] = [await others(search), await others(test)];
  const layout = { classes, train: files, search: searched, test: tested, held: null };
  if (test || !search) {
    if (valAs !== undefined) {
      throw new InputError(
        `${root} has ${test ? `${test.name}/` : 'no val/'}: there is nothing to choose`,
        'valAs',
      );
    }
    if (!test) {
      onNote?.(
        `${basename(root)} has ${train.name}/ only: a tenth${classes.length > 0 ? ' of each class' : ''} is the test split, a tenth of the rest the search split`,
      );
    }
    return layout;
  }
  const as = valAs ?? 'test';
  const tenth = `a tenth of ${classes.length > 0 ? 'each class of ' : ''}${train.name}/`;
  const says = {
    test: `it is the test split, and ${tenth} the search split`,
    search: `it is the search split, and ${tenth} the test split: a network that has learned from it looks too good`,
    both: `half of ${classes.length > 0 ? 'each of its classes' : 'it'} is the search split, half the test split`,
  }[as];
  onNote?.(`${basename(root)} has ${search.name}/ and no test/: ${says}`, 'valAs');
  const where = (wanted: typeof as) => (as === wanted ? searched : null);
  return { ...layout, search: where('search'), test: where('test'), held: where('both') };
}

/** @throws {InputError} for a class that is not in train: it has no label */
async function readOthers(
  root: string,
  { train, classes }: { readonly train: Part; readonly classes: readonly string[] },
  part: Part,
  leftOut: LeftOut,
  onNote: Options['onNote'],
): Promise<readonly ClassFiles[]> {
  if (classes.length === 0) return [await imagesBelow(root, part.name, leftOut)];
  const found = await readFiles(root, part, leftOut);
  const lacks = classes.filter((name) => !found.has(name));
  const extra = [...found.keys()].filter((name) => !classes.includes(name));
  if (extra.length > 0) {
    const differences = [
      ...(lacks.length > 0 ? [`${part.name}/ lacks ${lacks.join(', ')}`] : []),
      `${part.name}/ also has ${extra.join(', ')}`,
    ];
    throw new InputError(
      `${basename(root)}: the classes of ${train.name}/ and ${part.name}/ differ: ${differences.join('; ')}`,
    );
  }
  if (found.size === 0) throw new InputError(`${join(root, part.name)} has no images in its class folders`);
  if (lacks.length > 0) onNote?.(`${basename(root)}: ${part.name}/ has no images of ${lacks.join(', ')}`);
  return classes.map((name) => found.get(name) ?? []);
}

async function readClasses(root: string, part: Part, isBare: boolean, leftOut: LeftOut) {
  const folder = join(root, part.name);
  if (isBare) {
    return { classes: [], files: [await imagesBelow(root, part.name, leftOut)] };
  }
  if (part.listing.folders.length === 0) throw noClasses(folder);
  const found = await readFiles(root, part, leftOut);
  const classes = [...found.keys()];
  const [only] = classes;
  if (only === undefined) throw new InputError(`${folder} has no images in its class folders`);
  if (classes.length < 2)
    throw new InputError(
      `${folder} has one class, '${only}': at least 2 are needed, or none, with the images directly in the folder`,
    );
  if (classes.length > MOST_CLASSES) {
    throw new InputError(`${folder} has ${classes.length} classes, more than ${MOST_CLASSES}`);
  }
  return { classes, files: [...found.values()] };
}

/** The files of each class that has any. Names of classes are composed, however a file system writes their accents. */
async function readFiles(root: string, part: Part, leftOut: LeftOut): Promise<Map<string, ClassFiles>> {
  const found = new Map<string, ClassFiles>();
  strays(part.name, part.listing, leftOut);
  for (const folder of part.listing.folders) {
    const path = below(part.name, folder);
    const files = await imagesBelow(root, path, leftOut);
    const name = folder.normalize('NFC');
    if (files.length === 0) leftOut.add('empty', path);
    else if (found.has(name)) throw new InputError(`${join(root, path)}: there are two classes '${name}'`);
    else found.set(name, files);
  }
  return found;
}

function noClasses(folder: string): InputError {
  return new InputError(`${folder} has no images in class folders: it needs one folder for each class`);
}
