import { plural } from '#src/format/numbers.ts';

type Recipe = Record<string, unknown> | null;

/** How long something is trained: "10 epochs", "150 steps", "none"; and whether it learns from the unpruned network. */
export function recipeWords(recipe: Recipe): string {
  return recipe?.distillation ? `${lengthWords(recipe)}, distilled` : lengthWords(recipe);
}

function lengthWords(recipe: Recipe): string {
  if (!recipe) return 'none';
  if (typeof recipe.steps === 'number') return plural(recipe.steps, 'step');
  return typeof recipe.epochs === 'number' ? plural(recipe.epochs, 'epoch') : 'default recipe';
}
