import { expect, it } from 'vitest';
import { speedupWords } from './speedup-words.ts';

it.each([
  [1.42, { low: 1.38, high: 1.47 }, '1.42× as fast (1.38 to 1.47)'],
  [0.9, { low: 0.85, high: 0.96 }, '0.900× as fast (0.85 to 0.96): slower than the model'],
  [1.01, { low: 0.99, high: 1.03 }, '1.01× as fast (0.99 to 1.03): no difference shows'],
  [2, null, '2.00× as fast'],
])('a ratio with its interval: %f', (ratio, interval, words) => {
  expect(speedupWords(ratio, interval, 'as fast')).toBe(words);
});
