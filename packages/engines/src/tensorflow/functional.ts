import type { FloatTensor, Network } from '@espalier/network';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Preparation } from './emission.ts';
import { emissionOf } from './ops/index.ts';
import { type Tf, Value } from './value.ts';

/**
 * Computes a network's outputs as a function of named tensors: its inputs and all of its constants. Nothing is
 * kept from run to run, so that TensorFlow.js can differentiate through it.
 *
 * @param track called with every tensor that outlives the surrounding tidy, to be disposed of afterwards
 */
export function applyNetwork(
  tf: Tf,
  network: Network,
  given: ReadonlyMap<string, Tensor>,
  track: (value: Value) => void,
): Tensor[] {
  const values = new Map<string, Value>();
  const put = (name: string, value: Value) => {
    track(value);
    values.set(name, value);
  };
  const read = (name: string): Value => {
    const known = values.get(name);
    if (known) return known;
    const tensor = given.get(name);
    if (!tensor) throw new Error(`"${name}" is not given`);
    // A copy: whoever gave the tensor still owns it.
    put(name, new Value(tf, { tensor: tensor.clone(), layout: 'nchw' }));
    return read(name);
  };
  const preparation: Preparation = {
    tf,
    differentiable: true,
    keep: (make) => make(),
    derive: (index, make) => (inputs) => make(inputs(index).nchw()),
  };
  for (const node of network.nodes) {
    const step = emissionOf(node).prepare(node, preparation);
    const computed = step((index) => read(node.inputs[index] ?? ''));
    node.outputs.forEach((name, i) => {
      const output = computed[i];
      if (output) put(name, new Value(tf, output));
    });
  }
  return network.outputs.map((name) => read(name).nchw());
}

/** Mean over the batch, nats, of logits in any shape of [batch, classes] and targets of which each row sums to 1. */
export function crossEntropy(tf: Tf, logits: Tensor, { dims, data }: FloatTensor): Scalar {
  const log = tf.logSoftmax(tf.reshape(logits, [...dims]));
  return tf.div(tf.sum(tf.mul(log, tf.tensor(data, [...dims]))), -(dims[0] ?? 1));
}
