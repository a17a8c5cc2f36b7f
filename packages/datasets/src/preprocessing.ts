import { InputError } from '@espalier/errors';
import type { NetworkMetadata, Preprocessing } from '@espalier/network';
import type { DatasetFacts, Geometry, Normalisation } from './dataset.ts';

/** What images have to be brought to for a network with this preprocessing. */
export function geometryOf({ size, channels, resize, letterbox }: Preprocessing): Geometry {
  const [height, width] = size;
  return {
    ...{ height, width, channels: channels === 'gray' ? 1 : 3 },
    ...(resize === undefined ? {} : { resize }),
    ...(letterbox === undefined ? {} : { letterbox }),
  };
}

/**
 * Pixel bytes become a network's input.
 *
 * @param pixels [n, h, w, c], 0..255, red first
 * @param into holds at least n * c * h * w values; without it a new array is made
 * @returns `(pixel * scale - mean[c]) / std[c]`, [n, c, h, w] or by its layout [n, h, w, c], channels in the order of the
 * preprocessing; the first part of `into` where it was given
 * @throws {InputError} if mean or std do not fit the channels
 * @throws {RangeError} if pixels or `into` have another length
 */
export function toInput(
  pixels: Uint8Array,
  n: number,
  preprocessing: Preprocessing,
  into?: Float32Array,
): Float32Array {
  const { height, width, channels } = geometryOf(preprocessing);
  const plane = height * width;
  const length = n * plane * channels;
  if (pixels.length !== length) {
    throw new RangeError(
      `${n} images of ${height}x${width}x${channels} are ${length} bytes, not ${pixels.length}`,
    );
  }
  if (into && into.length < length) {
    throw new RangeError(`the input needs ${length} values, there is room for ${into.length}`);
  }
  const input = into ? into.subarray(0, length) : new Float32Array(length);
  const last = preprocessing.layout === 'NHWC';
  channelTables(preprocessing, channels).forEach((table, channel) => {
    const source = preprocessing.channels === 'BGR' ? channels - 1 - channel : channel;
    for (let image = 0; image < n; image++) {
      const offset = image * plane * channels;
      const to = { at: offset + (last ? channel : channel * plane), step: last ? channels : 1 };
      fillPlane(input, to, pixels, { at: offset + source, step: channels }, plane, table);
    }
  });
  return input;
}

/** Where the pixels of one channel lie. */
interface Places {
  readonly at: number;
  readonly step: number;
}

function fillPlane(
  input: Float32Array,
  to: Places,
  pixels: Uint8Array,
  from: Places,
  count: number,
  table: Float32Array,
): void {
  for (let i = 0; i < count; i++)
    input[to.at + i * to.step] = table[pixels[from.at + i * from.step] as number] as number;
}

/** A byte has 256 values, so each channel's arithmetic is done 256 times, not once a pixel. */
function channelTables(preprocessing: Preprocessing, channels: number): Float32Array[] {
  const { scale, mean, std } = preprocessing;
  if (mean.length !== channels || std.length !== channels) {
    throw new InputError(
      `preprocessing: ${preprocessing.channels} needs ${channels} values of mean and std, ` +
        `not ${mean.length} and ${std.length}`,
      'preprocessing',
    );
  }
  return mean.map((shift, channel) => {
    const spread = std[channel] ?? 0;
    if (spread === 0 || ![scale, shift, spread].every(Number.isFinite)) {
      throw new InputError(
        `preprocessing: channel ${channel} cannot be normalised with scale ${scale}, mean ${shift}, std ${spread}`,
        'preprocessing',
      );
    }
    return Float32Array.from({ length: 256 }, (_, pixel) => (pixel * scale - shift) / spread);
  });
}

/** Mean and standard deviation of the training images as they are commonly quoted, for pixels in 0..1. */
const USUAL_STATISTICS: ReadonlyMap<string, Normalisation> = new Map([
  ['cifar10', { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] }],
  ['mnist', { mean: [0.1307], std: [0.3081] }],
  ['fashion-mnist', { mean: [0.286], std: [0.353] }],
]);

/** ImageNet's, which most networks for photographs were trained with. */
const PHOTOGRAPHS: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** Above this many pixels a folder of equally large images is treated like photographs of any size. */
const LARGEST_NATIVE_SIDE = 256;

/**
 * A guess for a network that says nothing about its preprocessing: the data set's own or usual mean and standard
 * deviation, its own image size (224 by 224 out of 256 where images are large or differ), logits.
 * Warn whoever asked: a network trained otherwise loses accuracy without any error.
 *
 * @param channels what the network takes. Default: as the images are
 */
export function defaultPreprocessing(
  dataset: DatasetFacts,
  channels: 1 | 3 = dataset.image?.channels ?? 3,
): NetworkMetadata {
  const { image } = dataset;
  const known = dataset.normalisation ?? USUAL_STATISTICS.get(dataset.name);
  // A folder may be called mnist and hold colour images.
  const own = image?.channels === known?.mean.length ? known : undefined;
  const { mean, std } = normalisationFor(channels, own ?? PHOTOGRAPHS);
  const native = image && Math.max(image.height, image.width) <= LARGEST_NATIVE_SIDE;
  return {
    input: {
      layout: 'NCHW',
      channels: channels === 1 ? 'gray' : 'RGB',
      ...(native ? { size: [image.height, image.width] } : { size: [224, 224], resize: 256 }),
      scale: 1 / 255,
      mean,
      std,
    },
    output: 'logits',
    classes: dataset.classes,
  };
}

/** Of grey images the value for each channel, of colour images the mean of their channels' for grey. */
function normalisationFor(channels: 1 | 3, { mean, std }: Normalisation): Normalisation {
  const fit = (values: readonly number[]) =>
    values.length === channels
      ? values
      : new Array<number>(channels).fill(
          Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1e4) / 1e4,
        );
  return { mean: fit(mean), std: fit(std) };
}
