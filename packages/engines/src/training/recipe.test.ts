import { InputError } from '@espalier/errors';
import { expect, it } from 'vitest';
import { parseRecipe, recipeHash } from './recipe.ts';
import { RECIPES, recipeNames } from './recipes.ts';

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

it.each([
  ...[{ epochs: 1e9 }, { epochs: 0 }, { steps: 1e9 }, { steps: 1.5 }, { batch: 2 ** 40 }, { batch: 0 }],
  ...[{ learningRate: 1e9 }, { learningRate: -1 }, { clipNorm: 0 }, { recalibration: 1e9 }],
  ...[{ augmentation: { crop: 1e6 } }, { distillation: { temperature: 1e9 } }],
  { optimiser: { kind: 'sgd', weightDecay: 1e9 } },
  { optimiser: { kind: 'adam', epsilon: 1e9 } },
  { schedule: { kind: 'step', at: Array(1000).fill(0.5) } },
])('has bounds: %j is refused', (recipe) => {
  expect(() => parseRecipe(recipe)).toThrow(InputError);
});

it('hashes what it says, not how it was written', () => {
  const a = recipeHash(parseRecipe({ epochs: 10, batch: 64 }));
  expect(recipeHash(parseRecipe({ batch: 64 }))).toBe(a);
  expect(recipeHash(parseRecipe({ batch: 32 }))).not.toBe(a);
  expect(a).toMatch(/^[0-9a-f]{64}$/);
});

it.each(recipeNames)('%s stands for its values, and hashes as they do', (name) => {
  const { recipe } = RECIPES[name];
  expect(parseRecipe(name)).toEqual(parseRecipe(recipe));
  expect(parseRecipe({ name })).toEqual(parseRecipe(recipe));
  expect(parseRecipe(name)).toMatchObject({ ...recipe, batch: 128 });
  expect(recipeHash(parseRecipe(name))).toBe(recipeHash(parseRecipe({ ...recipe })));
  expect(parseRecipe(parseRecipe(name))).toEqual(parseRecipe(name));
});

it('has fields that stand over those of its name', () => {
  expect(parseRecipe({ name: 'quick', steps: 200, distillation: { weight: 0.9 } })).toEqual(
    parseRecipe({ ...RECIPES.quick.recipe, steps: 200, distillation: { weight: 0.9 } }),
  );
});

it.each([['fast'], ['constructor'], [''], [{ name: 'fast', epochs: 3 }], [{ name: null }], [{ name: 3 }]])(
  'the name of %j is refused with the ones that there are',
  (recipe) => {
    expect(() => parseRecipe(recipe)).toThrow(InputError);
    expect(() => parseRecipe(recipe)).toThrow(/give quick, standard or long, or the fields of a recipe/);
  },
);
