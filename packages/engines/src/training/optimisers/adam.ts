import type { Optimiser } from '../recipe.ts';
import { type Arithmetic, type OptimiserRule, slot } from './optimiser.ts';

/** Kingma and Ba, "Adam", 2015, algorithm 1, with decoupled weight decay: w' = w - rate * (m / (sqrt(v) + epsilon) + decay * w). */
export function adam({ beta1, beta2, epsilon }: Optimiser & { kind: 'adam' }): OptimiserRule {
  return {
    slots: ['mean', 'square'],
    update(by, update) {
      const { gradient, correction } = update;
      const mean = moving(by, slot(update, 'mean'), gradient, beta1);
      const square = moving(by, slot(update, 'square'), by.mul(gradient, gradient), beta2);
      const deviation = by.sqrt(by.div(square, correction(beta2)));
      const direction = by.div(by.div(mean, correction(beta1)), by.add(deviation, epsilon));
      const step = by.add(direction, by.mul(update.weights, update.decay));
      return {
        weights: by.sub(update.weights, by.mul(step, update.learningRate)),
        slots: new Map([
          ['mean', mean],
          ['square', square],
        ]),
      };
    },
  };
}

function moving<V>(by: Arithmetic<V>, old: V, value: V, beta: number): V {
  return by.add(by.mul(old, beta), by.mul(value, 1 - beta));
}
