import type { ImageFacts, Label } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, type Network, type Shape, sizeOf } from '@espalier/network';
import type { QualityMetric } from './quality-metric.ts';

/** What a network computes of one image. */
interface ImageOutput {
  /** Without the axis of the batch. */
  readonly dims: Shape;
  readonly data: Float32Array;
}

/** Where an image lies on a network's input: its point (x, y) is at (x * scale.x + offset.x, y * scale.y + offset.y). */
interface ImageGeometry {
  /** Pixels, as the image is stored. */
  readonly width: number;
  /** Pixels, as the image is stored. */
  readonly height: number;
  /** Of the network, in pixels. */
  readonly input: { readonly width: number; readonly height: number };
  readonly scale: { readonly x: number; readonly y: number };
  readonly offset: { readonly x: number; readonly y: number };
}

/** An image that a network is shown, as a metric sees it. */
export interface ShownImage {
  /** See `ImageFacts`. */
  readonly name: string;
  /** Its classes in the network's order, where both name them. */
  readonly label: Label;
  readonly geometry: ImageGeometry;
}

/** Judges one network. */
export interface ImageJudge {
  /** What is to be known of an image for the result, as plain data: JSON can hold it. */
  add(
    outputs: Readonly<Record<string, ImageOutput>>,
    name: ShownImage['name'],
    label: Label,
    geometry: ImageGeometry,
  ): unknown;
  /** The value, of what was made of all images. */
  result(images: readonly unknown[]): number;
}

/** A metric that is a number of all images together, each of which adds something to it. */
export interface ImageMetric extends QualityMetric {
  readonly by: 'images';
  /** Which labels it needs; null: it takes images as they are. */
  readonly form: 'several' | null;
  start(): ImageJudge;
}

export function isImageMetric(metric: QualityMetric): metric is ImageMetric {
  return metric.by === 'images';
}

/**
 * What is kept of each image of a batch.
 *
 * @param outputs [n, ...] by name
 * @throws {InputError} for what is no plain data
 */
export function keptOf(
  { label }: ImageMetric,
  judge: ImageJudge,
  { outputs: names }: Pick<Network, 'outputs'>,
  outputs: Readonly<Record<string, FloatTensor | undefined>>,
  images: readonly ShownImage[],
): unknown[] {
  return images.map(({ name, label: shown, geometry }, i) => {
    const own = names.map((output): [string, ImageOutput] => {
      const tensor = outputs[output];
      if (!tensor) throw new Error(`the network returned no "${output}"`);
      const dims = tensor.dims.slice(1);
      const size = sizeOf(dims);
      return [output, { dims, data: tensor.data.subarray(i * size, (i + 1) * size) }];
    });
    const kept = said(label, `of ${name}`, () => judge.add(Object.fromEntries(own), name, shown, geometry));
    if (kept instanceof Promise)
      throw new InputError(`metric ${label}: add() returns a promise: return data`, 'metric');
    // What is stored and read again is JSON: what it makes of the data counts from the beginning.
    const text = JSON.stringify(kept);
    if (text === undefined) {
      throw new InputError(
        `metric ${label}: add() returns nothing for ${name}: return what result() needs`,
        'metric',
      );
    }
    return JSON.parse(text);
  });
}

/** @throws {InputError} for what is no number of the metric's unit */
export function resultOf({ label, unit }: ImageMetric, judge: ImageJudge, kept: readonly unknown[]): number {
  const value = said(label, `of ${kept.length} images`, () => judge.result(kept));
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (unit !== 'share' || (value >= 0 && value <= 1))
  ) {
    return value;
  }
  throw new InputError(
    `metric ${label}: result() is ${String(value)} of ${kept.length} images: return a ${unit === 'share' ? 'share from 0 to 1' : 'number'}`,
    'metric',
  );
}

/** Whatever goes wrong in a metric of your own is told in one line. */
function said<T>(label: string, where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const [message] = String((error as Error)?.message ?? error).split('\n');
    throw new InputError(`metric ${label} fails ${where}: ${message}`, 'metric');
  }
}

/** A label in the network's order of classes. */
export function labelFor({ label }: ImageFacts, toNetwork: ArrayLike<number>): Label {
  const own = (index: number) => toNetwork[index] ?? index;
  if (typeof label === 'number') return own(label);
  if (!Array.isArray(label)) return label;
  const all = label as readonly (number | { readonly class: number })[];
  return all.map((each) =>
    typeof each === 'number' ? own(each) : { ...each, class: own(each.class) },
  ) as Label;
}
