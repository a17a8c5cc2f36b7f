import { add, div, mul, sub, sum, unary } from './graph/arithmetic.ts';
import type { GraphBuilder, Value } from './graph/builder.ts';

/** A loss, mean over the batch, [], and its gradient by the logits, [batch, classes]. */
export interface Loss {
  readonly value: Value;
  readonly gradient: Value;
}

/** -sum(targets * log softmax(logits)); by the logits it is softmax(logits) - targets. */
export function crossEntropy(g: GraphBuilder, logits: Value, targets: Value, temperature = 1): Loss {
  const [n = 1] = logits.dims;
  const scaled = temperature === 1 ? logits : div(g, logits, temperature);
  const log = unary(g, 'LogSoftmax', scaled, { axis: 1 });
  const total = sum(g, mul(g, targets, log), [0, 1], false);
  return {
    value: div(g, total, -n),
    gradient: div(g, sub(g, unary(g, 'Exp', log), targets), n * temperature),
  };
}

/**
 * (1 - weight) * cross-entropy with the targets + weight * temperature^2 * cross-entropy of both networks'
 * outputs at the temperature (Hinton et al., 2015, section 2, where the square keeps the gradients' size).
 */
export function distilled(
  g: GraphBuilder,
  logits: Value,
  { targets, teacher }: { readonly targets: Value; readonly teacher: Value },
  { temperature, weight }: { readonly temperature: number; readonly weight: number },
): Loss {
  const own = crossEntropy(g, logits, targets);
  const soft = crossEntropy(g, logits, teacher, temperature);
  const mix = (a: Value, b: Value) => add(g, mul(g, a, 1 - weight), mul(g, b, weight * temperature ** 2));
  return { value: mix(own.value, soft.value), gradient: mix(own.gradient, soft.gradient) };
}
