import { inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';

/** One value in, one value out: channels pass straight through. */
function pointwise(op: string): Operation {
  return {
    op,
    shapes: (_node, [x = []]) => [x],
    couple(node, coupler) {
      const x = inputOf(node, 0);
      for (let axis = 0; axis < coupler.shape(x).length; axis++) {
        coupler.label(outputOf(node), axis, coupler.labels(x, axis));
      }
    },
  };
}

/**
 * Attributes: LeakyRelu, Elu {alpha}; Clip {min?, max?}; HardSigmoid {alpha, beta}; Gelu {approximate:
 * 'none' | 'tanh'}; the others none.
 */
export const pointwiseOperations = [
  'Abs',
  'Clip',
  'Elu',
  'Erf',
  'Exp',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Log',
  'Mish',
  'Neg',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Softplus',
  'Sqrt',
  'Tanh',
].map(pointwise);
