import type { Attributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import { anyLayout } from '../emission.ts';
import type { Tf } from '../value.ts';

type Alpha = Attributes & { readonly alpha: number };
type Line = Alpha & { readonly beta: number };
type Scaled = Alpha & { readonly gamma: number };
type Bounds = Attributes & { readonly min?: number; readonly max?: number };
type GeluKind = Attributes & { readonly approximate: string };

export const pointwiseEmissions = [
  anyLayout('Abs', (x, _node, tf) => tf.abs(x)),
  // Tensors are floats from the start here.
  anyLayout('Cast', (x, _node, tf) => tf.clone(x)),
  anyLayout<Alpha>('Celu', (x, { attributes: { alpha } }, tf) =>
    tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.div(tf.minimum(x, 0), alpha)))),
  ),
  anyLayout<Bounds>('Clip', (x, { attributes: { min, max } }, tf) => clip(tf, x, min, max)),
  anyLayout<Alpha>('Elu', (x, { attributes: { alpha } }, tf) =>
    tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.minimum(x, 0)))),
  ),
  anyLayout('Erf', (x, _node, tf) => tf.erf(x)),
  anyLayout('Exp', (x, _node, tf) => tf.exp(x)),
  anyLayout<GeluKind>('Gelu', (x, { attributes: { approximate } }, tf) =>
    approximate === 'tanh' ? geluByTanh(tf, x) : gelu(tf, x),
  ),
  anyLayout<Line>('HardSigmoid', (x, { attributes: { alpha, beta } }, tf) => hardSigmoid(tf, x, alpha, beta)),
  anyLayout('HardSwish', (x, _node, tf) => tf.mul(x, hardSigmoid(tf, x, 1 / 6, 0.5))),
  anyLayout('Identity', (x, _node, tf) => tf.clone(x)),
  anyLayout<Alpha>('LeakyRelu', (x, { attributes: { alpha } }, tf) => tf.leakyRelu(x, alpha)),
  anyLayout('Log', (x, _node, tf) => tf.log(x)),
  anyLayout('Mish', (x, _node, tf) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  anyLayout('Neg', (x, _node, tf) => tf.neg(x)),
  anyLayout('Reciprocal', (x, _node, tf) => tf.reciprocal(x)),
  anyLayout('Relu', (x, _node, tf) => tf.relu(x)),
  anyLayout<Scaled>('Selu', (x, { attributes: { alpha, gamma } }, tf) =>
    tf.mul(gamma, tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.minimum(x, 0))))),
  ),
  anyLayout('Sigmoid', (x, _node, tf) => tf.sigmoid(x)),
  anyLayout('Softplus', (x, _node, tf) => tf.softplus(x)),
  anyLayout('Softsign', (x, _node, tf) => tf.div(x, tf.add(tf.abs(x), 1))),
  anyLayout('Sqrt', (x, _node, tf) => tf.sqrt(x)),
  anyLayout('Tanh', (x, _node, tf) => tf.tanh(x)),
];

/** Without bounds this still has to be a new tensor. */
function clip(tf: Tf, x: Tensor, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Tensor {
  return tf.minimum(tf.maximum(x, min), max);
}

function hardSigmoid(tf: Tf, x: Tensor, slope: number, shift: number): Tensor {
  return clip(tf, tf.add(tf.mul(x, slope), shift), 0, 1);
}

/** x * Phi(x), Phi the normal distribution's cumulative function. */
function gelu(tf: Tf, x: Tensor): Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv 1606.08415, section 2. */
function geluByTanh(tf: Tf, x: Tensor): Tensor {
  const cubic = tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}
