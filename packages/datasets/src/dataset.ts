import { join } from 'node:path';
import type { Size } from './bilinear.ts';
import type { Annotated, ImageFacts } from './facts.ts';

/** `train` is learned from, `search` is held out of it for sampling and choosing, `test` is scored once per result. */
export type SplitName = 'train' | 'search' | 'test';

/** In the order in which the splits are in a cache file and enter the data set's hash. */
export const SPLIT_NAMES = ['train', 'search', 'test'] as const satisfies readonly SplitName[];

/** Something for every split. */
export type PerSplit<T> = Readonly<Record<SplitName, T>>;

export function perSplit<T>(of: (split: SplitName) => T): PerSplit<T> {
  return { train: of('train'), search: of('search'), test: of('test') };
}

/** Where each split begins, counted in images, in a file with all of them one behind the other. */
export function firstImages({ train, search }: PerSplit<Split>): PerSplit<number> {
  return { train: 0, search: train.n, test: train.n + search.n };
}

export interface Split {
  /** Number of images. */
  readonly n: number;
  /** [n], the class index of every image; 0 if there are no classes. */
  readonly labels: Uint16Array;
}

/** The size and channels that every image of a data set is stored in. */
export interface ImageShape {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 1 is grey, 3 is red, green, blue. */
  readonly channels: 1 | 3;
}

/** How large the images of a folder are, in pixels. */
export interface ImageSizes {
  /** By its number of pixels. */
  readonly smallest: Size;
  /** By its number of pixels. */
  readonly largest: Size;
  /** The median of the shorter sides. */
  readonly shorterSide: number;
  /** Whether all are grey. */
  readonly gray: boolean;
}

/** What images are brought to before they become a network's input. */
export interface Geometry {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 is grey, 3 is red, green, blue. */
  readonly channels: 1 | 3;
  /** The shorter side is scaled to this many pixels, then the centre is cut out. Without it the image is
   * scaled to height and width directly, whatever its aspect ratio. */
  readonly resize?: number | undefined;
  /** All of the image is scaled to fit, its proportions kept, with this colour around it: one byte a channel, red first. */
  readonly letterbox?: readonly number[] | undefined;
}

/** What is subtracted from pixels in 0..1, and what they are then divided by; one value a channel. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface Dataset {
  /** `cifar10`, `mnist`, `fashion-mnist`, or the last part of a path. */
  readonly name: string;
  /** Class names in the order of the labels; none: the images have no class each. */
  readonly classes: readonly string[];
  /** sha256, hex, over classes, splits, labels and images: equal hashes mean equal data in equal order. */
  readonly hash: string;
  readonly splits: Readonly<Record<SplitName, Split>>;
  /** null if the images differ in size. */
  readonly image: ImageShape | null;
  /** Of a folder of images: how large they are as stored. */
  readonly sizes?: ImageSizes | undefined;
  /** What a packed data set says of itself; others are normalised as their name and kind suggest. */
  readonly normalisation?: Normalisation | undefined;
  /** Several classes, boxes or a mask of each image, if there are no `classes`. */
  readonly annotated?: Annotated | undefined;
  /**
   * Names, sizes and labels of the images at `indices` of a split.
   *
   * @throws {InputError} for a label that cannot be read
   * @throws {RangeError} for an index outside of the split
   */
  facts(split: SplitName, indices: ArrayLike<number>): Promise<ImageFacts[]>;
  /**
   * The images at `indices` of a split, brought to `geometry`: [n, height, width, channels], 0..255.
   * A folder decodes the whole split into a cache when it meets a geometry for the first time.
   *
   * @throws {InputError} for an image that cannot be decoded, or an impossible geometry.
   * @throws {RangeError} for an index outside of the split.
   */
  pixels(split: SplitName, indices: ArrayLike<number>, geometry: Geometry): Promise<Uint8Array>;
  /** Gives back open files. */
  close(): Promise<void>;
}

/** What is known of a data set without looking at its images. */
export type DatasetFacts = Pick<Dataset, 'name' | 'classes' | 'image' | 'normalisation' | 'annotated'>;

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted, for a person: `decoding cifar10`. */
  readonly what: string;
}

/** Half of it each, of every class, for `both`. */
export type ValAs = 'test' | 'search' | 'both';

export interface OpenOptions {
  /** Espalier's home: caches go to `<home>/datasets/cache`, people put files into `<home>/datasets/<name>`. */
  readonly home: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops decoding, while opening and later. */
  readonly signal?: AbortSignal | undefined;
  /** Told of what a person should know: how a folder was divided, what of it is left out; and the option that changes it. */
  readonly onNote?: ((text: string, option?: 'valAs') => void) | undefined;
  /** What `val/` of a folder is if there is no `test/`. Default: the test split. */
  readonly valAs?: ValAs | undefined;
  /** What a packed data set is called. Default: as its file. */
  readonly name?: string | undefined;
  /**
   * Takes no packed file's word for its hash: it is then that of the images, labels and classes that are in it.
   * For files of people who do not know each other, whose results are kept by the hash.
   */
  readonly hashOfContent?: boolean | undefined;
}

/** Everything in it can be deleted, it is made again when it is needed. */
export function cacheFolder(home: string): string {
  return join(home, 'datasets', 'cache');
}
