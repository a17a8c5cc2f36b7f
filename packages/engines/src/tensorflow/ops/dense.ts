import type { GemmAttributes } from '@espalier/network';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { type Emission, inLayout } from '../emission.ts';
import type { Tf } from '../value.ts';

export const gemm: Emission<GemmAttributes> = {
  op: 'Gemm',
  prepare(node, { tf, derive }) {
    const { transB, alpha, beta } = node.attributes;
    const weight = derive(1, (tensor) => tf.mul(transB ? tf.transpose(tensor) : tensor, alpha));
    const bias = node.inputs[2] === undefined ? undefined : derive(2, (tensor) => tf.mul(tensor, beta));
    return (inputs) => {
      const product = tf.matMul(inputs(0).nchw(), weight(inputs));
      return [{ tensor: bias ? tf.add(product, bias(inputs)) : product, layout: 'nchw' }];
    };
  },
};

export const matMul = inLayout('MatMul', 'nchw', (a, _node, tf, inputs) => product(tf, a, inputs(1).nchw()));

function product(tf: Tf, a: Tensor, b: Tensor): Tensor {
  const [rows = 1, inner = 1] = a.shape.slice(-2);
  const columns = b.shape.at(-1) ?? 1;
  if (b.rank === 2) {
    // A dense layer: all leading axes are rows.
    const flat = tf.matMul(tf.reshape(a, [-1, inner]), b as Tensor2D);
    return tf.reshape(flat, [...a.shape.slice(0, -1), columns]);
  }
  // Kernels agree on batches that are equal, not on how unequal ones are broadcast.
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const stack = (tensor: Tensor, height: number, width: number): Tensor3D =>
    tf.reshape(tf.broadcastTo(tensor, [...batch, height, width]), [-1, height, width]);
  const stacked = tf.matMul(stack(a, rows, inner), stack(b, inner, columns));
  return tf.reshape(stacked, [...batch, rows, columns]);
}
