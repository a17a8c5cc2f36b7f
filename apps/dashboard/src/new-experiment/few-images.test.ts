import { expect, it } from 'vitest';
import { fewImagesWords, largestError } from './few-images.ts';

const words = (images: number, searchImages: number, metric = 'TOP1') =>
  fewImagesWords({ images, searchImages, metric });

it('the largest error is that of a share of one half', () => {
  expect(largestError(100)).toBeCloseTo(100 * Math.sqrt((0.5 * 0.5) / 100));
  expect(largestError(2500)).toBeCloseTo(1);
});

it('says the error of few images, and the remedy that there is', () => {
  expect(words(100, 5000)).toMatch(
    /^Only 100 images per measurement: .* up to 5\.0 points.* with 1,000, as many as usual, the error is at most 1\.6\.$/,
  );
  expect(words(100, 400)).toMatch(/with 400, as many as the search split has, the error is at most 2\.5\.$/);
  // As many as there are: what is left is to add some.
  expect(words(1000, 25)).toMatch(/^Only 25 images .* up to 10\.0 points.* add images to the data set/);
});

it('says nothing of enough images, of none, and of metrics that do not count images', () => {
  expect(words(500, 5000)).toBeNull();
  expect(words(1000, 0)).toBeNull();
  expect(words(100, 5000, 'FIDELITY')).toBeNull();
});
