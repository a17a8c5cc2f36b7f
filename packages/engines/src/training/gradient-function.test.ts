import { InputError } from '@espalier/errors';
import { type FloatTensor, floatTensor, type Network } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import type { Engine } from '../engine.ts';
import { score } from '../evaluation/score.ts';
import { openEngine } from '../open-engine.ts';
import { tensorFlowGradients } from '../tensorflow/gradients.ts';

const BATCH = 5;
const CLASSES = 3;

let engine: Engine;

beforeAll(async () => {
  await tf.ready();
  engine = await openEngine('onnxruntime', { threads: 1 });
});

afterAll(() => engine.dispose());

/** Two convolutions with BatchNorm and a shortcut, a dense layer. */
function network(softmax = false): Network {
  const b = new NetworkBuilder('residual', 5);
  const stem = b.relu(b.batchNorm(b.conv(b.input([2, 6, 6]), 4, { name: 'stem' })));
  const branch = b.batchNorm(b.conv(stem, 4, { name: 'branch' }));
  const logits = b.head(b.relu(b.add(stem, branch)), CLASSES, 'dense');
  return b.build(softmax ? b.op('Softmax', [logits], { axis: 1 }) : logits);
}

const of = ['stem.weight', 'branch.weight', 'dense.weight'];
const labels = Array.from({ length: BATCH }, (_, i) => (2 * i) % CLASSES);
const batch = {
  input: floatTensor(
    [BATCH, 2, 6, 6],
    Array.from({ length: BATCH * 72 }, (_, i) => Math.sin(0.7 * i * i + i)),
  ),
  targets: floatTensor(
    [BATCH, CLASSES],
    labels.flatMap((label) => Array.from({ length: CLASSES }, (_, c) => (c === label ? 1 : 0))),
  ),
};

async function gradients(on: Network): Promise<ReadonlyMap<string, FloatTensor>> {
  const gradient = await engine.gradients(on, { of, batch: BATCH });
  const found = await gradient.run(batch);
  await gradient.dispose();
  return found;
}

/** Mean cross-entropy as the network is evaluated, with some of its weights moved. */
async function lossOf(on: Network, moved: string, change: (value: number, i: number) => number) {
  const { dims, data } = on.constants.get(moved) as FloatTensor;
  const constants = new Map(on.constants).set(moved, floatTensor(dims, data.map(change)));
  const executable = await engine.compile({ ...on, constants });
  const { [on.outputs[0] ?? '']: output } = await executable.run({ input: batch.input });
  await executable.dispose();
  if (!output) throw new Error('there is an output');
  const { loss } = score(output, labels, 'logits');
  return loss.reduce((sum, each) => sum + each, 0) / BATCH;
}

describe('gradients of the loss by the weights, BatchNorm as in evaluation', () => {
  it('are the slopes of the evaluated loss', async () => {
    const found = await gradients(network());
    const direction = (i: number) => (Math.sin(7.3 * i * i + 2.1 * i) > 0 ? 1 : -1);
    const distance = 2e-3;
    for (const name of of) {
      const gradient = found.get(name)?.data ?? new Float32Array();
      const [above, below] = [
        await lossOf(network(), name, (value, i) => value + distance * direction(i)),
        await lossOf(network(), name, (value, i) => value - distance * direction(i)),
      ];
      const expected = gradient.reduce((sum, value, i) => sum + value * direction(i), 0);
      expect(Math.abs(expected), name).toBeGreaterThan(0.02);
      expect((above - below) / (2 * distance) / expected, name).toBeCloseTo(1, 1);
    }
  });

  it('are those of TensorFlow.js, which leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const theirs = tensorFlowGradients(tf, network(), { of, batch: BATCH });
    const expected = await theirs.run(batch);
    await theirs.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const found = await gradients(network());
    for (const name of of) {
      expect(found.get(name)?.dims).toEqual(expected.get(name)?.dims);
      const wanted = [...(expected.get(name)?.data ?? [])];
      const largest = Math.max(...wanted.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      wanted.forEach((value, i) => {
        expect(Math.abs((found.get(name)?.data[i] ?? Number.NaN) - value)).toBeLessThan(1e-4 * largest);
      });
    }
  });

  it('do not mind a softmax at the end', async () => {
    expect(await gradients(network(true))).toEqual(await gradients(network()));
  });
});

it('a weight that nothing depends on has a gradient of zeros', async () => {
  const base = network();
  const constants = new Map(base.constants).set('idle', floatTensor([2, 2], [1, 2, 3, 4]));
  const gradient = await engine.gradients(
    { ...base, constants },
    { of: ['dense.weight', 'idle'], batch: BATCH },
  );
  expect((await gradient.run(batch)).get('idle')).toEqual(floatTensor([2, 2], [0, 0, 0, 0]));
  await gradient.dispose();
});

it('refuses another batch, and a network that does not classify', async () => {
  const gradient = await engine.gradients(network(), { of, batch: BATCH + 1 });
  await expect(gradient.run(batch)).rejects.toThrow('a batch of 5 images where the gradients are of 6');
  await gradient.dispose();
  const { nodes, ...rest } = network();
  const image = { ...rest, nodes: nodes.slice(0, 1), outputs: ['stem'] };
  await expect(engine.gradients(image, { of: ['stem.weight'], batch: 1 })).rejects.toThrow(InputError);
});
