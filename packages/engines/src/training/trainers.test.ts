import { type FloatTensor, floatTensor, type Network } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { TensorFlowTrainer } from '../tensorflow/trainer.ts';
import { parseRecipe } from './recipe.ts';
import type { StepResult, Trainer, TrainerOptions, TrainingBatch } from './trainer.ts';

const BATCH = 6;
const CLASSES = 4;
const STEPS = 20;

let engine: Engine;

beforeAll(async () => {
  await tf.ready();
  engine = await openEngine('onnxruntime', { threads: 1 });
});

afterAll(() => engine.dispose());

const base: TrainerOptions = { batch: BATCH, optimiser: parseRecipe({}).optimiser };
const variants: [string, TrainerOptions, number][] = [
  ['SGD with Nesterov momentum and weight decay', base, 0.05],
  [
    'SGD with plain momentum',
    { ...base, optimiser: parseRecipe({ optimiser: { kind: 'sgd', nesterov: false } }).optimiser },
    0.05,
  ],
  [
    'Adam with decoupled weight decay',
    { ...base, optimiser: parseRecipe({ optimiser: { kind: 'adam', weightDecay: 0.01 } }).optimiser },
    0.002,
  ],
  ['clipped gradients', { ...base, clipNorm: 0.1 }, 0.05],
  ['averaged weights', { ...base, averaging: 0.9 }, 0.05],
  ['distillation', { ...base, distillation: { temperature: 3, weight: 0.7 } }, 0.05],
];

describe('twenty steps of a small residual network are those of TensorFlow.js', () => {
  it.each(variants)('%s', async (_name, options, learningRate) => {
    const network = residualNetwork();
    const ours = await engine.train(network, options);
    const theirs = new TensorFlowTrainer(tf, network, options);
    const batches = Array.from({ length: STEPS }, (_, i) => batchOf(i, learningRate, options));
    const [actual, expected] = [await losses(ours, batches), await losses(theirs, batches)];
    for (const [i, { loss }] of expected.entries()) expect(actual[i]?.loss).toBeCloseTo(loss, 3);
    expect(expected[0]?.loss).not.toBeCloseTo(expected.at(-1)?.loss ?? 0, 2);
    const [state, reference] = [ours.state(), theirs.state()];
    expect(Object.keys(state.vectors).sort()).toEqual(Object.keys(reference.vectors).sort());
    for (const [name, vector] of Object.entries(reference.vectors)) {
      expectClose(state.vectors[name], vector, name);
    }
    await ours.dispose();
    await theirs.dispose();
  });
});

describe('what is applied twice is trained as one', () => {
  it('in both engines alike, with one state of the optimiser', async () => {
    const network = twiceNetwork(true);
    const options = { ...base, optimiser: parseRecipe({ optimiser: { kind: 'adam' } }).optimiser };
    const ours = await engine.train(network, options);
    const theirs = new TensorFlowTrainer(tf, network, options);
    const batches = Array.from({ length: STEPS }, (_, i) => batchOf(i, 0.002, base));
    for (const trainer of [ours, theirs]) await losses(trainer, batches);
    const [state, reference] = [ours.state(), theirs.state()];
    for (const [name, vector] of Object.entries(reference.vectors))
      expectClose(state.vectors[name], vector, name);
    const parameters = [...network.constants].filter(([name]) => !/mean|variance/.test(name));
    const count = parameters.reduce((sum, [, { data }]) => sum + data.length, 0);
    expect(
      Object.values(state.vectors)
        .map(({ length }) => length)
        .sort(),
    ).toEqual([10, count, count, count]);
    expect([...ours.network().constants.keys()]).toEqual([...network.constants.keys()]);
    await ours.dispose();
    await theirs.dispose();
  });

  it('by the sum of the gradients of its uses', async () => {
    const plain = parseRecipe({ optimiser: { kind: 'sgd', momentum: 0, weightDecay: 0, nesterov: false } });
    const options = { ...base, optimiser: plain.optimiser };
    const steps = async (network: Network) => {
      const trainer = await engine.train(network, options);
      await trainer.step(batchOf(0, 0.1, options));
      const trained = trainer.network().constants;
      await trainer.dispose();
      const values = (constants: Network['constants'], name: string) =>
        Array.from(constants.get(name)?.data ?? [], Number);
      return (name: string) => {
        const before = values(network.constants, name);
        return Float32Array.from(values(trained, name), (value, i) => value - (before[i] ?? Number.NaN));
      };
    };
    const [one, two] = [await steps(twiceNetwork(true)), await steps(twiceNetwork(false))];
    const [first, second] = [two('conv.weight'), two('again.weight')];
    expect(Math.max(...second.map(Math.abs))).toBeGreaterThan(1e-4);
    const sum = first.map((value, i) => value + (second[i] ?? Number.NaN));
    expectClose(one('conv.weight'), sum, 'conv.weight');
  });
});

it('a trainer goes on from a state as if it had not stopped', async () => {
  const network = residualNetwork();
  const batches = Array.from({ length: 6 }, (_, i) => batchOf(i, 0.05, base));
  const whole = await engine.train(network, base);
  await losses(whole, batches);
  const first = await engine.train(network, base);
  await losses(first, batches.slice(0, 3));
  const second = await engine.train(network, base);
  second.restore(first.state());
  await losses(second, batches.slice(3));
  expect(second.state()).toEqual(whole.state());
  await Promise.all([whole, first, second].map((trainer) => trainer.dispose()));
});

it('a step of TensorFlow.js leaves as many tensors as it found', async () => {
  const trainer = new TensorFlowTrainer(tf, residualNetwork(), { ...base, averaging: 0.9, clipNorm: 1 });
  await trainer.step(batchOf(0, 0.05, base));
  const before = tf.memory().numTensors;
  await trainer.step(batchOf(1, 0.05, base));
  expect(tf.memory().numTensors).toBe(before);
  await trainer.dispose();
});

it('a step whose loss is not finite changes nothing', async () => {
  const trainer = await engine.train(residualNetwork(), base);
  const before = trainer.state();
  const { input, targets } = batchOf(0, 0.05, base);
  const broken = floatTensor(
    input.dims,
    input.data.map(() => Number.NaN),
  );
  const { loss } = await trainer.step({ input: broken, targets, learningRate: 0.05 });
  expect(loss).toBeNaN();
  expect(trainer.state()).toEqual(before);
  await trainer.dispose();
});

it('a network that ends in Softmax is trained on its logits and keeps it', async () => {
  const b = new NetworkBuilder('softmax', 3);
  const x = b.op('GlobalAveragePool', [b.conv(b.input([3, 8, 8]), CLASSES)]);
  const logits = b.op('Flatten', [x], { axis: 1 });
  const network = b.build(b.op('Softmax', [logits], { axis: 1 }));
  const trainer = await engine.train(network, base);
  const first = await trainer.step(batchOf(0, 0.5, base));
  for (let i = 0; i < 30; i++) await trainer.step(batchOf(0, 0.5, base));
  const last = await trainer.step(batchOf(0, 0.5, base));
  expect(last.loss).toBeLessThan(first.loss);
  expect(trainer.network().nodes.at(-1)?.op).toBe('Softmax');
  await trainer.dispose();
});

it('names the operation that has no gradient', async () => {
  const b = new NetworkBuilder('resized', 3);
  const x = b.conv(b.input([3, 5, 5]), CLASSES);
  const wide = b.op('Resize', [x], {
    mode: 'nearest',
    scales: [1, 1, 2, 2],
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
  const network = b.build(b.op('Flatten', [b.op('GlobalAveragePool', [wide])], { axis: 1 }));
  await expect(engine.train(network, base)).rejects.toThrow(/^Resize "[^"]+" has no gradient/);
});

/** Convolutions with and without stride, BatchNorm, a residual sum, pooling, a dense layer. */
function residualNetwork(): Network {
  const b = new NetworkBuilder('residual', 5);
  const stem = b.op('Relu', [b.batchNorm(b.conv(b.input([3, 8, 8]), 5))]);
  const branch = b.batchNorm(b.conv(b.op('Relu', [b.batchNorm(b.conv(stem, 7, { stride: 2 }))]), 7));
  const shortcut = b.batchNorm(b.conv(stem, 7, { kernel: 1, stride: 2, pad: 0 }));
  const sum = b.op('Relu', [b.op('Add', [branch, shortcut])]);
  const features = b.op('Flatten', [b.op('GlobalAveragePool', [sum])], { axis: 1 });
  return b.build(b.gemm(features, CLASSES));
}

/** A convolution with its BatchNorm that is applied twice, or one and its copy. */
function twiceNetwork(tied: boolean): Network {
  const b = new NetworkBuilder('twice', 6);
  const stem = b.relu(b.conv(b.input([3, 8, 8]), 5, { name: 'stem' }));
  const norm = (x: string) =>
    b.op('BatchNormalization', [x, 'bn.scale', 'bn.shift', 'bn.mean', 'bn.variance'], { epsilon: 1e-5 });
  const once = b.relu(b.batchNorm(b.conv(stem, 5, { name: 'conv' }), 'bn'));
  const network = b.build(
    b.gemm(
      b.flatten(
        b.op('GlobalAveragePool', [b.relu(norm(b.conv(once, 5, { name: 'again', weight: 'conv.weight' })))]),
      ),
      CLASSES,
    ),
  );
  if (tied) return network;
  const copy = network.constants.get('conv.weight');
  return {
    ...network,
    nodes: network.nodes.map((node) =>
      node.name === 'again' ? { ...node, inputs: [node.inputs[0] ?? '', 'again.weight'] } : node,
    ),
    constants: new Map([...network.constants, ...(copy ? [['again.weight', copy] as const] : [])]),
  };
}

function batchOf(step: number, learningRate: number, options: TrainerOptions): TrainingBatch {
  const input = floatTensor(
    [BATCH, 3, 8, 8],
    Array.from({ length: BATCH * 3 * 64 }, (_, i) => Math.sin(0.37 * i + 1.7 * step) + 0.3 * Math.cos(i * i)),
  );
  const rows = (value: (image: number, klass: number) => number): FloatTensor =>
    floatTensor(
      [BATCH, CLASSES],
      Array.from({ length: BATCH * CLASSES }, (_, i) => value(Math.floor(i / CLASSES), i % CLASSES)),
    );
  const targets = rows((image, klass) => ((image + step) % CLASSES === klass ? 0.9 : 0.1 / (CLASSES - 1)));
  const teacher = options.distillation
    ? rows((_image, klass) => [0.4, 0.3, 0.2, 0.1][klass] ?? 0)
    : undefined;
  return { input, targets, teacher, learningRate };
}

async function losses(trainer: Trainer, batches: readonly TrainingBatch[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const batch of batches) results.push(await trainer.step(batch));
  return results;
}

function expectClose(actual: Float32Array | undefined, expected: Float32Array, name: string): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = expected.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - (actual?.[i] ?? Number.NaN))),
    0,
  );
  expect(difference, name).toBeLessThanOrEqual(2e-3 * largest + 1e-6);
}
