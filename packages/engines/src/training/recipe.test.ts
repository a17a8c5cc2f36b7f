import { InputError } from '@espalier/errors';
import { expect, it } from 'vitest';
import { parseRecipe, recipeHash } from './recipe.ts';

it('fills in defaults', () => {
  expect(parseRecipe({ epochs: 3 })).toMatchObject({
    epochs: 3,
    batch: 128,
    optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.0005 },
    augmentation: { crop: 4, flip: true },
  });
  expect(parseRecipe({ optimiser: { kind: 'adam' } }).optimiser).toMatchObject({ beta1: 0.9, beta2: 0.999 });
  expect(parseRecipe({ distillation: {} }).distillation).toEqual({ temperature: 4, weight: 0.5 });
});

it('names every wrong field in one line', () => {
  const wrong = { epochs: -1, optimiser: { kind: 'sgd', momentum: 2 }, batchSize: 3 };
  expect(() => parseRecipe(wrong, 'recipe r.json')).toThrow(InputError);
  expect(() => parseRecipe(wrong, 'recipe r.json')).toThrow(
    /^recipe r\.json: .*epochs.*optimiser\.momentum.*batchSize/,
  );
});

it('hashes what it says, not how it was written', () => {
  const a = recipeHash(parseRecipe({ epochs: 10, batch: 64 }));
  expect(recipeHash(parseRecipe({ batch: 64 }))).toBe(a);
  expect(recipeHash(parseRecipe({ batch: 32 }))).not.toBe(a);
  expect(a).toMatch(/^[0-9a-f]{64}$/);
});
