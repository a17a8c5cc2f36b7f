import type { Optimiser } from '../recipe.ts';
import { type OptimiserRule, slot } from './optimiser.ts';

/**
 * v' = momentum * v + g, w' = w - rate * v', or with Nesterov's look-ahead w' = w - rate * (g + momentum * v')
 * (Sutskever et al., "On the importance of initialization and momentum", 2013, in PyTorch's form); g includes
 * decay * w.
 */
export function sgd({ momentum, nesterov }: Optimiser & { kind: 'sgd' }): OptimiserRule {
  return {
    slots: ['velocity'],
    update(by, update) {
      const gradient = by.add(update.gradient, by.mul(update.weights, update.decay));
      const velocity = by.add(by.mul(slot(update, 'velocity'), momentum), gradient);
      const direction = nesterov ? by.add(by.mul(velocity, momentum), gradient) : velocity;
      const weights = by.sub(update.weights, by.mul(direction, update.learningRate));
      return { weights, slots: new Map([['velocity', velocity]]) };
    },
  };
}
