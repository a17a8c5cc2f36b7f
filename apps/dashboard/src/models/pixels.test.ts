import { describe, expect, it } from 'vitest';
import { chosenValues } from './pixel-presets.ts';
import { type Pixels, preprocessingOf, USUAL_PIXELS } from './pixels.ts';

/** As a form fills it in: a preset brings its numbers. */
const said = ({ values = 'file', ...part }: Partial<Pixels>) =>
  preprocessingOf({ ...USUAL_PIXELS, ...(values === 'own' ? OWN : chosenValues(values, 'file')), ...part });
const OWN = {
  values: 'own',
  scale: '1/255',
  mean: '0.485, 0.456, 0.406',
  std: '0.229, 0.224, 0.225',
} as const;

it('a preset brings its numbers, and own ones begin empty, or with those that were there', () => {
  expect(chosenValues('cifar10', 'file')).toEqual({
    ...{ values: 'cifar10', scale: '1/255', mean: '0.4914, 0.4822, 0.4465', std: '0.247, 0.2435, 0.2616' },
  });
  expect(chosenValues('own', 'file')).toEqual({ values: 'own', scale: '', mean: '', std: '' });
  expect(chosenValues('own', 'imagenet')).toEqual({ values: 'own' });
  expect(() => said({ values: 'own', mean: '' })).toThrow(/mean and deviation/);
});

it('nothing is said where the file says it', () => {
  expect(said({})).toBeNull();
});

it('what is said is what a side file has', () => {
  expect(said({ values: 'imagenet', fit: 'crop', classes: 'cat\n\n dog ' })).toEqual({
    input: {
      ...{ layout: 'NCHW', channels: 'RGB', size: [224, 224], resize: 256, scale: 1 / 255 },
      ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    },
    output: 'logits',
    classes: ['cat', 'dog'],
  });
  expect(said({ values: 'own', mean: '0.5', std: '0.25', channels: 'gray' })).toMatchObject({
    input: { channels: 'gray', scale: 1 / 255, mean: [0.5], std: [0.25] },
  });
  expect(said({ values: 'own', scale: '1', mean: '127.5', std: '127.5', channels: 'gray' })).toMatchObject({
    input: { scale: 1, mean: [127.5], std: [127.5] },
  });
});

it('a letterbox has its colour, once or for each channel, and nothing is cut then', () => {
  const box = said({ values: 'unit', fit: 'letterbox', border: '114', resize: 100 })?.input;
  expect(box).toMatchObject({ letterbox: [114, 114, 114] });
  expect(box).not.toHaveProperty('resize');
  expect(said({ values: 'unit', fit: 'letterbox', border: '0, 128 255' })).toMatchObject({
    input: { letterbox: [0, 128, 255] },
  });
  expect(said({ values: 'unit', fit: 'letterbox', border: '7', channels: 'gray' })).toMatchObject({
    input: { letterbox: [7] },
  });
  expect(said({ values: 'unit', border: 'black' })?.input).not.toHaveProperty('letterbox');
});

/** A pixel 0..255 as the network gets it. */
function input(part: Partial<Pixels>, pixel: number): number {
  const { input: asked } = said(part) as { input: { scale: number; mean: number[]; std: number[] } };
  const { scale, mean, std } = asked;
  return (pixel * scale - (mean[0] ?? 0)) / (std[0] ?? 1);
}

it.each([
  ['unit', 0, 1],
  ['signed', -1, 1],
  ['bytes', 0, 255],
] as const)('%s goes from %d to %d', (values, low, high) => {
  expect(input({ values }, 0)).toBeCloseTo(low);
  expect(input({ values }, 255)).toBeCloseTo(high);
});

describe('what is missing is named', () => {
  it.each<[Partial<Pixels>, RegExp]>([
    [{ values: 'unit', height: 0 }, /height and width/],
    [{ values: 'unit', fit: 'crop', resize: 100 }, /Resize to at least/],
    [{ values: 'unit', fit: 'letterbox', border: '1, 2' }, /border/],
    [{ values: 'unit', fit: 'letterbox', border: '256' }, /border/],
    [{ values: 'own', scale: '1/0' }, /scale/],
    [{ values: 'own', scale: '' }, /scale/],
    [{ values: 'imagenet', channels: 'gray' }, /one number/],
    [{ values: 'own', mean: '0.5, 0.5' }, /one number, or three,/],
    [{ values: 'own', std: '0, 1, 1' }, /not 0/],
  ])('%j', (part, says) => {
    expect(() => said(part)).toThrow(says);
  });
});
