import { expect, it } from 'vitest';
import type { ExperimentDraft, NamedRecipe } from './plan.ts';
import { isFilledIn, presetsFor } from './presets.ts';

const allocations = ['cie', 'uniform', 'lamp'].map((name) => ({ name, description: name }));
const recipes: readonly NamedRecipe[] = [
  {
    ...{ name: 'standard', description: 'usual' },
    recipe: { epochs: 10, learningRate: 0.03, distillation: null },
  },
];

it('takes only strategies that there are, and trains all but the quick look', () => {
  const presets = presetsFor({ allocations, recipes, devices: [] });
  expect(presets.map(({ name, part }) => [name, part.strategies, part.epochs])).toEqual([
    ['Quick look', ['cie/l1'], 0],
    ['Fair comparison', ['cie/l1', 'uniform/l1', 'uniform/random'], 10],
    ['Everything', ['cie/l1', 'uniform/l1', 'lamp/l1'], 10],
  ]);
});

it('goes by the time on a device only where the model has a profile on one', () => {
  const presets = presetsFor({ allocations, recipes, devices: [{ id: 'profile_1', name: 'Pi' }] });
  expect(presets.find(({ name }) => name === 'Fast on my device')?.part).toMatchObject({
    ...{ deviceProfileId: 'profile_1', metric: 'LATENCY', shares: [0.3, 0.5], milliseconds: [] },
  });
});

it('is marked as long as the form is what it fills in', () => {
  const [quick, fair] = presetsFor({ allocations, recipes, devices: [] });
  if (!quick || !fair) throw new Error('there are presets');
  const draft = { name: 'mine', ...fair.part, ...quick.part } as ExperimentDraft;
  expect([isFilledIn(quick, draft), isFilledIn(fair, draft)]).toEqual([true, false]);
  expect(isFilledIn(quick, { ...draft, seeds: [0, 1] })).toBe(false);
});
