import { InputError } from '@espalier/errors';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { operationCases } from '../../test/operation-cases/index.ts';
import { tinyResNet } from '../../test/tiny-networks.ts';
import { randomInputs } from '../measure/random-inputs.ts';
import { TensorFlowExecutable } from './executable.ts';
import { loadTensorFlow } from './load.ts';
import { Value } from './value.ts';

await loadTensorFlow();

describe('tensors', () => {
  it.each(operationCases)('are all given back: $op, $setting', async ({ network }) => {
    const before = tf.memory().numTensors;
    const executable = new TensorFlowExecutable(tf, network);
    await executable.run(randomInputs(network, 2));
    const resting = tf.memory().numTensors;
    await executable.run(randomInputs(network, 1));
    expect(tf.memory().numTensors).toBe(resting);
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are given back when a run fails', async () => {
    const b = new NetworkBuilder('fails');
    const built = b.build(b.reshape(b.conv(b.input([3, 4, 4]), 5), [-1, 80]));
    const nodes = built.nodes.map((node) =>
      node.op === 'Reshape' ? { ...node, attributes: { shape: [7, -1] } } : node,
    );
    const network = { ...built, nodes };
    const before = tf.memory().numTensors;
    const executable = new TensorFlowExecutable(tf, network);
    const resting = tf.memory().numTensors;
    await expect(executable.run(randomInputs(network, 1))).rejects.toThrow(/^Reshape "reshape1": /);
    expect(tf.memory().numTensors).toBe(resting);
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are given back when a network cannot be compiled', () => {
    const network = tinyResNet();
    const nodes = network.nodes.map((node) => (node.op === 'Gemm' ? { ...node, op: 'Unheard' } : node));
    const before = tf.memory().numTensors;
    expect(() => new TensorFlowExecutable(tf, { ...network, nodes })).toThrow(InputError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('live no longer than they are needed', async () => {
    const b = new NetworkBuilder('deep');
    let x = b.input([2, 3, 3]);
    for (let i = 0; i < 30; i++) x = b.relu(x);
    const network = b.build(x);
    let most = 0;
    // What other tests of this process left is not ours.
    const before = tf.memory().numTensors;
    const { relu } = tf;
    const counting = {
      ...tf,
      relu: ((...given: Parameters<typeof relu>) => {
        most = Math.max(most, tf.memory().numTensors - before);
        return relu(...given);
      }) as typeof relu,
    };
    await new TensorFlowExecutable(counting, network).run(randomInputs(network, 1));
    expect(most).toBeLessThan(4);
  });
});

describe('Value', () => {
  it('is transposed once, and not at all where only one moved axis is longer than 1', () => {
    const image = new Value(tf, { tensor: tf.zeros([2, 3, 4, 5]), layout: 'nchw' });
    expect(image.nhwc().shape).toEqual([2, 4, 5, 3]);
    expect(image.nhwc()).toBe(image.nhwc());
    const pooled = new Value(tf, { tensor: tf.zeros([2, 1, 1, 6]), layout: 'nhwc' });
    const buffers = tf.memory().numDataBuffers;
    expect(pooled.nchw().shape).toEqual([2, 6, 1, 1]);
    expect(tf.memory().numDataBuffers).toBe(buffers);
    for (const value of [image, pooled]) value.dispose();
  });
});
