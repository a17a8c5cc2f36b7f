import { plural } from '#src/format/numbers.ts';

/** How long runs are fine-tuned: "10 epochs", "150 steps", "none". */
export function recipeWords(recipe: Record<string, unknown> | null): string {
  if (!recipe) return 'none';
  if (typeof recipe.steps === 'number') return plural(recipe.steps, 'step');
  return typeof recipe.epochs === 'number' ? plural(recipe.epochs, 'epoch') : 'default recipe';
}
