/** Where an object is, in pixels of the image as it is stored. */
export interface Box {
  /** Index of its class. */
  readonly class: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A class for each pixel. */
export interface Mask {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** [height, width], index of the class. */
  readonly data: Uint8Array;
}

/**
 * What an image shows: the index of its class, those of several in ascending order, boxes, a mask; null if nothing is
 * known.
 */
export type Label = number | readonly number[] | readonly Box[] | Mask | null;

/** In place of one class for each image. */
export interface Annotated {
  readonly form: 'several' | 'boxes' | 'masks';
  /** Names in the order of their indices; none where they are not named. */
  readonly classes: readonly string[];
}

/** What is known of an image beside its pixels. */
export interface ImageFacts {
  /** Of its file, relative to the data set's folder, with `/`; if there is none, its split and place: `test/17`. */
  readonly name: string;
  /** Pixels, as stored. */
  readonly width: number;
  /** Pixels, as stored. */
  readonly height: number;
  readonly label: Label;
}
