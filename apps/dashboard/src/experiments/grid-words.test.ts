import { expect, it } from 'vitest';
import { gridWords } from './grid-words.ts';

it.each([
  [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], '10 % to 90 % in steps of 10 %'],
  [[0.25, 0.5, 0.9], '25 %, 50 %, 90 %'],
  [[0.3, 0.5], '30 %, 50 %'],
  [[], ''],
])('says the ratios that were sampled: %j', (grid, words) => {
  expect(gridWords(grid).replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ')).toBe(words);
});
