/** How a network is trained after a cut, by name: what is measured of them is in `docs/results/finetune.md`. */
export const RECIPES = {
  quick: {
    description: 'two epochs, a few minutes on two cores: most of what can be gained after a repair',
    recipe: {
      ...{ epochs: 2, learningRate: 0.02 },
      distillation: { temperature: 4, weight: 0.5 },
    },
  },
  standard: {
    description: 'ten epochs',
    recipe: {
      ...{ epochs: 10, learningRate: 0.03 },
      distillation: { temperature: 4, weight: 0.5 },
    },
  },
  long: {
    description: 'twenty epochs, for a network with little left',
    recipe: {
      ...{ epochs: 20, learningRate: 0.05 },
      distillation: { temperature: 4, weight: 0.5 },
    },
  },
} as const;

export type RecipeName = keyof typeof RECIPES;

export const recipeNames = Object.keys(RECIPES) as readonly RecipeName[];

export function isRecipeName(name: unknown): name is RecipeName {
  return typeof name === 'string' && Object.hasOwn(RECIPES, name);
}
