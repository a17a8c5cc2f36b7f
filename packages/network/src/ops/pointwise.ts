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
 * Attributes: LeakyRelu, Elu, Celu {alpha}; Clip {min?, max?}; HardSigmoid {alpha, beta}; Selu {alpha, gamma};
 * Gelu {approximate: 'none' | 'tanh'}; the others none. Cast makes float32 of what its input is.
 */
export const pointwiseOperations = [
  'Abs',
  'Cast',
  'Celu',
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
  'Selu',
  'Sigmoid',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Tanh',
].map(pointwise);
