import { add, div, mul, sub, unary } from '../graph/arithmetic.ts';
import type { GraphBuilder, Value } from '../graph/builder.ts';
import type { Optimiser } from '../recipe.ts';
import { type OptimiserRule, slot } from './optimiser.ts';

/** Kingma and Ba, "Adam", 2015, algorithm 1, with decoupled weight decay: w' = w - rate * (m / (sqrt(v) + epsilon) + decay * w). */
export function adam({ beta1, beta2, epsilon }: Optimiser & { kind: 'adam' }): OptimiserRule {
  return {
    slots: ['mean', 'square'],
    update(g, update) {
      const { gradient } = update;
      const mean = moving(g, slot(update, 'mean'), gradient, beta1);
      const square = moving(g, slot(update, 'square'), mul(g, gradient, gradient), beta2);
      const deviation = unary(g, 'Sqrt', unbiased(g, square, beta2, update.step));
      const direction = div(g, unbiased(g, mean, beta1, update.step), add(g, deviation, epsilon));
      const step = add(g, direction, mul(g, update.weights, update.decay));
      return {
        weights: sub(g, update.weights, mul(g, step, update.learningRate)),
        slots: new Map([
          ['mean', mean],
          ['square', square],
        ]),
      };
    },
  };
}

function moving(g: GraphBuilder, old: Value, value: Value, beta: number): Value {
  return add(g, mul(g, old, beta), mul(g, value, 1 - beta));
}

/** Averages start at 0: divided by 1 - beta^step they are of the right size. */
function unbiased(g: GraphBuilder, average: Value, beta: number, step: Value): Value {
  const power = g.node('Pow', [g.scalar(beta), step], []);
  return div(g, average, sub(g, 1, power));
}
