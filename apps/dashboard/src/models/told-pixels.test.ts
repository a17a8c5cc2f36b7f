import { describe, expect, it } from 'vitest';
import { preprocessingOf, USUAL_PIXELS } from './pixels.ts';
import { pixelFacts, pixelsOf, type Told } from './told-pixels.ts';

type Format = NonNullable<Told['input']>;

const FORMAT: Format = {
  ...{ layout: 'NCHW', channels: 'RGB', height: 224, width: 224, resize: null, letterbox: null },
  ...{ scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};
const told = (part: Partial<Format>): Told => ({
  ...{ input: { ...FORMAT, ...part }, output: 'LOGITS', classes: ['cat', 'dog'], inFile: false },
});

it('where nothing is said the form begins with the usual', () => {
  expect(pixelsOf({ input: null, output: null, classes: null, inFile: false })).toEqual(USUAL_PIXELS);
});

describe('a form that nothing is changed in says the same again', () => {
  it.each<[string, Partial<Format>]>([
    ['imagenet', {}],
    ['imagenet', { resize: 256 }],
    ['unit', { mean: [0, 0, 0], std: [1, 1, 1], letterbox: [114, 113, 112] }],
    ['signed', { channels: 'GRAY', mean: [0.5], std: [0.5], layout: 'NHWC', height: 28, width: 30 }],
    ['bytes', { channels: 'BGR', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }],
    ['own', { mean: [0.4914, 0.4822, 0.4465], std: [0.2, 0.2, 0.2] }],
    ['own', { scale: 0.0078125, mean: [1, 1, 1], std: [1, 1, 1] }],
    ['cifar10', { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] }],
  ])('%s %j', (values, part) => {
    const pixels = pixelsOf(told(part));
    expect(pixels.values).toBe(values);
    const { height, width, channels, resize, letterbox, ...input } = { ...FORMAT, ...part };
    expect(preprocessingOf(pixels)).toEqual({
      input: {
        ...{ ...input, channels: channels === 'GRAY' ? 'gray' : channels, size: [height, width] },
        ...(resize === null ? {} : { resize }),
        ...(letterbox === null ? {} : { letterbox }),
      },
      output: 'logits',
      classes: ['cat', 'dog'],
    });
  });
});

it('in words', () => {
  const sizeOf = (part: Partial<Format>) => pixelFacts(told(part))[0]?.[1];
  expect(sizeOf({})).toBe('224×224, images are scaled to it');
  expect(sizeOf({ resize: 256 })).toBe('224×224 out of the centre, the shorter side scaled to 256');
  expect(sizeOf({ letterbox: [1, 2, 3] })).toBe('224×224, all of the image with a border of 1, 2, 3');
  expect(pixelFacts({ ...told({}), input: null })).toEqual([]);
});
