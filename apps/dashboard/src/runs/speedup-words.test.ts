import { expect, it } from 'vitest';
import { speedText, speedupWords } from './speedup-words.ts';

it.each([
  [1.42, { low: 1.38, high: 1.47 }, '1.42× as fast (1.38 to 1.47)'],
  [0.9, { low: 0.85, high: 0.96 }, '0.900× as fast (0.85 to 0.96): slower than the model'],
  [1.01, { low: 0.99, high: 1.03 }, '1.01× as fast (0.99 to 1.03): no difference shows'],
  [2, null, '2.00× as fast'],
])('a ratio with its interval: %f', (ratio, interval, words) => {
  expect(speedupWords(ratio, interval, 'as fast')).toBe(words);
});

it.each([
  [1.42, { low: 1.38, high: 1.47 }, '1.42× (1.38 to 1.47)'],
  [0.9, { low: 0.85, high: 0.96 }, '0.900× (0.85 to 0.96), slower'],
  [0.99, { low: 0.97, high: 1.03 }, '0.990× (0.97 to 1.03), no difference shows'],
  [0.9, null, '0.900×, slower'],
  [2, null, '2.00×'],
  [null, null, '–'],
])('a ratio of times in a table: %f', (ratio, interval, words) => {
  expect(speedText(ratio, interval)).toBe(words);
});
