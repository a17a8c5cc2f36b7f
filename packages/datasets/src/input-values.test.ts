import { expect, it } from 'vitest';
import { inputValues } from './input-values.ts';

/** Two pixels: red 0 and 255, green 51 and 51, blue 102 and 204. */
const PIXELS = Uint8Array.from([0, 51, 102, 255, 51, 204]);
const INPUT = { channels: 'RGB', size: [1, 2], scale: 1 / 255, mean: [0.5, 0, 0], std: [0.5, 1, 2] } as const;

it.each(['NCHW', 'NHWC'] as const)('values after mean and scale, channel by channel: %s', (layout) => {
  const [red, green, blue] = inputValues(PIXELS, { ...INPUT, layout });
  expect(red).toEqual({ min: -1, max: 1, mean: 0 });
  expect(green?.min).toBeCloseTo(0.2);
  expect(green?.max).toBeCloseTo(0.2);
  expect(blue?.min).toBeCloseTo(0.2);
  expect(blue?.max).toBeCloseTo(0.4);
  expect(blue?.mean).toBeCloseTo(0.3);
});

it('channels are in the order of the input', () => {
  const [blue] = inputValues(PIXELS, {
    ...INPUT,
    layout: 'NCHW',
    channels: 'BGR',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  });
  expect(blue?.max).toBeCloseTo(0.8);
  const [gray, ...others] = inputValues(PIXELS.subarray(0, 2), {
    ...{ layout: 'NCHW', channels: 'gray', size: [1, 2], scale: 1, mean: [0], std: [1] },
  });
  expect([gray, others]).toEqual([{ min: 0, max: 51, mean: 25.5 }, []]);
});

it('values that float32 does not hold are refused', () => {
  expect(() => inputValues(PIXELS, { ...INPUT, layout: 'NCHW', scale: 1e37 })).toThrow(
    'the values of the input are too large for float32: give another scale, mean or std',
  );
});
