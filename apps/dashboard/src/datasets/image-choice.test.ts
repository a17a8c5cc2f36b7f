import { describe, expect, it } from 'vitest';
import { freeName, imagesInput, imagesWords, packedWords, sizeOptions } from './image-choice.ts';

const SAME = {
  classes: ['cat', 'dog'],
  splits: [{ images: 80 }, { images: 10 }, { images: 10 }],
  smallest: { width: 32, height: 24 },
  largest: { width: 32, height: 24 },
  channels: 1,
  usual: null,
};
const DIFFERENT = {
  ...SAME,
  classes: [],
  largest: { width: 640, height: 480 },
  channels: 3,
  usual: { width: 224, height: 224, resize: 256 },
};

describe('images of one size', () => {
  it('stay as they are, unless one chooses otherwise', () => {
    expect(imagesWords(SAME)).toBe('2 classes, 100 images of 32×24 pixels, grey');
    expect(sizeOptions(SAME)[0]).toEqual({ id: 'stored', name: 'as stored, 32×24' });
    expect(imagesInput({ size: 'stored', channels: 'stored' }, SAME)).toEqual({});
    expect(imagesInput({ size: '28', channels: '3' }, SAME)).toEqual({
      ...{ height: 28, width: 28, resize: 28 },
      channels: 3,
    });
  });

  it('tell what they take', () => {
    expect(packedWords({ size: 'stored', channels: 'stored' }, SAME)).toBe('76.8 kB once packed');
    expect(packedWords({ size: '32', channels: '3' }, SAME)).toBe('307 kB once packed');
  });
});

describe('images that differ', () => {
  it('begin with the usual size, and cannot stay as they are', () => {
    expect(imagesWords(DIFFERENT)).toBe('no classes, 100 images of 32×24 to 640×480 pixels, colour');
    const options = sizeOptions(DIFFERENT);
    expect(options[0]).toEqual({ id: 'usual', name: '224×224, cut out of 256' });
    expect(options.map(({ id }) => id)).not.toContain('stored');
    expect(imagesInput({ size: 'usual', channels: 'stored' }, DIFFERENT)).toEqual(DIFFERENT.usual);
    expect(packedWords({ size: 'usual', channels: 'stored' }, DIFFERENT)).toBe('15.1 MB once packed');
  });
});

it('a name that is taken gets a number', () => {
  expect(freeName('birds', ['cats'])).toBe('birds');
  expect(freeName('birds', ['Birds', 'birds 2'])).toBe('birds 3');
});
