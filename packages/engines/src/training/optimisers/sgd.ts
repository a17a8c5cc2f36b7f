import { add, mul, sub } from '../graph/arithmetic.ts';
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
    update(g, update) {
      const gradient = add(g, update.gradient, mul(g, update.weights, update.decay));
      const velocity = add(g, mul(g, slot(update, 'velocity'), momentum), gradient);
      const direction = nesterov ? add(g, mul(g, velocity, momentum), gradient) : velocity;
      const weights = sub(g, update.weights, mul(g, direction, update.learningRate));
      return { weights, slots: new Map([['velocity', velocity]]) };
    },
  };
}
