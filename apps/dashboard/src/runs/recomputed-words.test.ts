import { expect, it } from 'vitest';
import { metricNamed } from '#src/format/quality.ts';
import { recomputedWords } from './recomputed-words.ts';

const found = { images: 2000, value: 0.912, difference: -0.0005, standardError: 0 };

it('says what was found, of how many images, and how far it is from what was told', () => {
  expect(recomputedWords(metricNamed('TOP1'), found)).toBe(
    '91.20 % of 2,000 images, −0.05 pt from what was told',
  );
});

it('says how much the images that were drawn may make', () => {
  expect(recomputedWords(metricNamed('TOP1'), { ...found, difference: 0.01, standardError: 0.006 })).toBe(
    '91.20 % of 2,000 images, +1.00 pt ± 0.60 pt from what was told',
  );
});

it('has a unit for what is no share of images', () => {
  expect(recomputedWords(metricNamed('LOSS'), { ...found, value: 0.4, difference: 0.02 })).toBe(
    '0.400 nats of 2,000 images, +0.020 nats from what was told',
  );
});
