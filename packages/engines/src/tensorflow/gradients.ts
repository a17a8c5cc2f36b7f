import { constantOf, floatTensor, type Network } from '@espalier/network';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import {
  checkBatch,
  evaluatedLogits,
  type GradientBatch,
  type GradientFunction,
  type GradientOptions,
} from '../training/gradient-function.ts';
import { applyNetwork, crossEntropy } from './functional.ts';
import { type Tf, tensorOf, type Value } from './value.ts';

/** Gradients by TensorFlow.js, which differentiates by itself. */
export function tensorFlowGradients(tf: Tf, given: Network, options: GradientOptions): GradientFunction {
  const network = evaluatedLogits(given, options);
  const constants = new Map(
    [...network.constants].map(([name, constant]) => [name, tensorOf(tf, constant)] as const),
  );
  const variables = options.of.map((name) => constants.get(name) as Tensor);
  const input = network.inputs[0]?.name ?? '';

  const gradients = ({ input: images, targets }: GradientBatch, kept: Value[]): Tensor[] =>
    tf.tidy(() => {
      const pixels = tf.tensor(images.data, [...images.dims]);
      const loss = (...weights: Tensor[]): Scalar => {
        const all = new Map(constants).set(input, pixels);
        for (const [i, name] of options.of.entries()) all.set(name, weights[i] as Tensor);
        const [output] = applyNetwork(tf, network, all, (value) => kept.push(value));
        return crossEntropy(tf, output as Tensor, targets);
      };
      return tf.grads(loss)(variables);
    });

  return {
    async run(batch) {
      checkBatch(batch, options);
      const kept: Value[] = [];
      const found = gradients(batch, kept);
      for (const value of kept) value.dispose();
      const values = await Promise.all(found.map((tensor) => tensor.data()));
      tf.dispose(found);
      return new Map(
        options.of.map((name, i) => {
          const { dims } = constantOf(network, name);
          return [name, floatTensor(dims, Float32Array.from(values[i] ?? []))];
        }),
      );
    },
    async dispose() {
      tf.dispose([...constants.values()]);
    },
  };
}
