import type { Recipe } from './recipe.ts';

/**
 * The learning rate of a step.
 *
 * @param step from 0
 * @param steps of the whole training
 */
export function learningRate(recipe: Recipe, step: number, steps: number): number {
  const warmup = Math.floor(recipe.warmup * steps);
  if (step < warmup) return (recipe.learningRate * (step + 1)) / (warmup + 1);
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  return recipe.learningRate * factor(recipe, progress);
}

/** @param progress 0 at the first step, below 1 at the last */
function factor({ schedule }: Recipe, progress: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      return schedule.factor ** schedule.at.filter((at) => progress >= at).length;
    case 'cosine':
      return cosine(1, schedule.final, progress);
    case 'one-cycle':
      return progress < schedule.peak
        ? cosine(schedule.initial, 1, progress / schedule.peak)
        : cosine(1, schedule.final, (progress - schedule.peak) / (1 - schedule.peak));
  }
}

/** Half a cosine from one value to another. */
function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
