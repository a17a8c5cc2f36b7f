import type { Optimiser } from '../recipe.ts';
import { adam } from './adam.ts';
import type { OptimiserRule } from './optimiser.ts';
import { sgd } from './sgd.ts';

export function optimiserRule(optimiser: Optimiser): OptimiserRule {
  return optimiser.kind === 'sgd' ? sgd(optimiser) : adam(optimiser);
}
