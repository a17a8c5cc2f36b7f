import { expect, it } from 'vitest';
import { recipeWords } from './recipe-words.ts';

it('tells parts of an epoch, and whether the unpruned network is learned from', () => {
  expect([0.02, 1, 10].map((epochs) => recipeWords({ epochs }))).toEqual([
    '0.02 epochs',
    '1 epoch',
    '10 epochs',
  ]);
  expect(recipeWords({ steps: 150, epochs: 1, distillation: {} })).toBe('150 steps, distilled');
  expect(recipeWords(null)).toBe('none');
});
