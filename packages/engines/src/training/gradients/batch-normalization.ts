import { type Attributes, sizeOf } from '@espalier/network';
import { add, clip, div, mul, sub, unary } from '../graph/arithmetic.ts';
import { affine, blocked, canBlock, channelSum, channelsOf, likewise, perChannel } from '../graph/layout.ts';
import { type Differentiation, first } from './differentiation.ts';

/**
 * Normalises by the statistics of the batch (Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1);
 * with M values a channel and a = scale / deviation the gradients are
 *
 *   dscale = sum(dy * xhat), dshift = sum(dy), dx = a * (dy - dshift / M - xhat * dscale / M)
 *
 * written so that dx is one affine function of dy and x a channel. The variance is E[x^2] - E[x]^2: x is what
 * a convolution computed, whose mean is not large beside its deviation, and it saves a pass over memory.
 */
export const batchNormalization: Differentiation<Attributes & { readonly epsilon: number }> = {
  op: 'BatchNormalization',
  forward(node, [given, scale, shift], { g, onStatistics }) {
    if (!given || !scale || !shift) throw new Error('BatchNorm has an input, a scale and a shift');
    const x = canBlock(g, given) ? blocked(g, given) : given;
    const gamma = perChannel(g, scale, x);
    const [n = 1, , ...space] = x.dims;
    const count = n * sizeOf(space);
    const mean = div(g, channelSum(g, x), count);
    const squares = div(g, channelSum(g, x, 'ReduceSumSquare'), count);
    const variance = clip(g, sub(g, squares, mul(g, mean, mean)), { min: 0 });
    const deviation = unary(g, 'Sqrt', add(g, variance, node.attributes.epsilon));
    const a = div(g, gamma, deviation);
    const y = affine(g, x, a, sub(g, perChannel(g, shift, x), mul(g, a, mean)));
    const unbiased = mul(g, variance, count / Math.max(1, count - 1));
    onStatistics(node, channelsOf(g, mean, x), channelsOf(g, unbiased, x));
    return {
      outputs: [y],
      backward(gradients, needs) {
        const dy = likewise(g, first(gradients), x);
        const dshift = channelSum(g, dy);
        const dscale = div(g, sub(g, channelSum(g, mul(g, dy, x)), mul(g, mean, dshift)), deviation);
        const dx = () => {
          const b = div(g, mul(g, a, dscale), mul(g, deviation, -count));
          const c = sub(g, div(g, mul(g, a, dshift), -count), mul(g, b, mean));
          return affine(g, dy, a, undefined, affine(g, x, b, c));
        };
        return [needs(0) ? dx() : undefined, channelsOf(g, dscale, x), channelsOf(g, dshift, x)];
      },
    };
  },
};
