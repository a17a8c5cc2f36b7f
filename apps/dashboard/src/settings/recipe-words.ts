import { plural } from '#src/format/numbers.ts';

interface Recipe {
  readonly epochs?: number;
  readonly steps?: number | null;
  readonly distillation?: unknown;
}

/** How long something is trained: "10 epochs", "150 steps", "none"; and whether it learns from the unpruned network. */
export function recipeWords(recipe: Recipe | null): string {
  return recipe?.distillation ? `${lengthWords(recipe)}, distilled` : lengthWords(recipe);
}

function lengthWords(recipe: Recipe | null): string {
  if (!recipe) return 'none';
  if (typeof recipe.steps === 'number') return plural(recipe.steps, 'step');
  return typeof recipe.epochs === 'number'
    ? `${Number(recipe.epochs.toPrecision(3))} ${recipe.epochs === 1 ? 'epoch' : 'epochs'}`
    : 'default recipe';
}
