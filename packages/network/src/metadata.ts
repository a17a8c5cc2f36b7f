/**
 * What travels with a network beside its weights: how pixels become its input, what its outputs mean.
 * Preprocessing belongs to the network, not to the data set.
 */
export interface NetworkMetadata {
  readonly input: Preprocessing;
  /** Whether the network ends in class scores before or after a softmax. */
  readonly output: 'logits' | 'probabilities';
  /** Class names in the order of the output. */
  readonly classes?: readonly string[];
}

/** Pixels 0..255 become `(pixel * scale - mean[c]) / std[c]`, channels in the order of `channels`. */
export interface Preprocessing {
  /** The order of the input's axes: channels first, or last as in Keras and TensorFlow. */
  readonly layout: 'NCHW' | 'NHWC';
  readonly channels: 'RGB' | 'BGR' | 'gray';
  /** Height and width of the network's input, in pixels. */
  readonly size: readonly [height: number, width: number];
  /** The image is scaled so that its shorter side has this many pixels, then centre-cropped to `size`.
   * Without it the image is scaled to `size` directly. */
  readonly resize?: number;
  /**
   * The image is scaled so that all of it fits into `size` and keeps its proportions, and is in the middle; around it
   * is this colour, 0..255 a channel, red first. As detectors have it; not together with `resize`.
   */
  readonly letterbox?: readonly number[];
  readonly scale: number;
  /** One value a channel. */
  readonly mean: readonly number[];
  /** One value a channel, none of them zero. */
  readonly std: readonly number[];
}
