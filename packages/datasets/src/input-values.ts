import { InputError } from '@espalier/errors';
import type { Preprocessing } from '@espalier/network';
import { toInput } from './preprocessing.ts';

/** What one channel of a network's input holds. */
export interface ChannelValues {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/**
 * The values that a network gets for one image, channel by channel in the order of its input.
 *
 * @param pixels [height, width, channels] of the preprocessing, 0..255, red first
 * @throws {InputError} if mean or std do not fit the channels, or values come out that are no numbers
 */
export function inputValues(pixels: Uint8Array, preprocessing: Preprocessing): ChannelValues[] {
  const input = toInput(pixels, 1, preprocessing);
  const channels = preprocessing.channels === 'gray' ? 1 : 3;
  const plane = input.length / channels;
  const last = preprocessing.layout === 'NHWC';
  return Array.from({ length: channels }, (_, channel) => {
    const [at, step] = last ? [channel, channels] : [channel * plane, 1];
    let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < plane; i++) {
      const value = input[at + i * step] ?? 0;
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
    if (![min, max, sum].every(Number.isFinite)) {
      throw new InputError(
        'the values of the input are too large for float32: give another scale, mean or std',
        'preprocessing',
      );
    }
    return { min, max, mean: sum / plane };
  });
}
