import { floatTensor, freezeBatchNorm, type Network } from '@espalier/network';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { Random } from '../../../network/test/random.ts';
import { forOneImage } from '../../../network/test/single.ts';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { tensorFlowEngine } from '../tensorflow/engine.ts';
import { parameterLayout } from './parameters.ts';
import { parseRecipe } from './recipe.ts';
import { train } from './train.ts';

const BATCH = 4;
const options = { batch: BATCH, optimiser: parseRecipe({}).optimiser };

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

const batch = {
  input: floatTensor([BATCH, 3, 6, 6], new Random(3).values(BATCH * 108, 1)),
  targets: floatTensor([BATCH, 10], new Float32Array(BATCH * 10).fill(0.1)),
  learningRate: 0.05,
};

async function trained(network: Network): Promise<Network> {
  const trainer = await engine.train(network, options);
  for (let i = 0; i < 3; i++) await trainer.step(batch);
  const after = trainer.network();
  await trainer.dispose();
  return after;
}

it('a network that takes one image learns what one that takes batches learns', async () => {
  const network = freezeBatchNorm(tinyResNet());
  const [expected, own] = [await trained(network), await trained(forOneImage(network))];
  for (const { name } of parameterLayout(network).parameters) {
    const [a, b] = [expected.constants.get(name)?.data ?? [], own.constants.get(name)?.data ?? []];
    expect(a.length).toBeGreaterThan(0);
    expect([...a]).not.toEqual([...(network.constants.get(name)?.data ?? [])]);
    for (const [i, value] of [...a].entries()) expect(b[i]).toBeCloseTo(Number(value), 5);
  }
});

it('its BatchNorms keep the statistics that they have, one image having none', async () => {
  const network = forOneImage(tinyResNet());
  const after = await trained(network);
  for (const { inputs } of network.nodes.filter(({ op }) => op === 'BatchNormalization')) {
    for (const name of inputs.slice(3))
      expect(after.constants.get(name)).toEqual(network.constants.get(name));
  }
});

it('a state begins with zeros in training, too', async () => {
  const b = new NetworkBuilder('state', 4);
  const seen = b.conv(b.input([3, 6, 6], 'pixels'), 4, { name: 'seen' });
  const network = b.build(b.head(b.relu(b.add(seen, b.input([4, 6, 6], 'before'))), 10));
  const after = await trained({ ...network, metadata: tinyMetadata() });
  expect(after.constants.get('seen.weight')?.data).not.toEqual(network.constants.get('seen.weight')?.data);
});

it('large batches of single images are refused before anything is computed, and TensorFlow.js has none', async () => {
  const network = { ...forOneImage(tinyResNet()), metadata: tinyMetadata() };
  const recipe = parseRecipe({ batch: 64 });
  await expect(train(engine, { network, dataset: tinyDataset(), recipe, seed: 0 })).rejects.toThrow(
    'network "tiny-resnet" takes one image at a time, so a training step repeats it for each image: give a recipe with a batch of at most 32, not 64',
  );
  await tf.ready();
  const other = tensorFlowEngine({ tf, implementation: 'tfjs', device: 'cpu', why: 'asked for' }, {});
  await expect(other.train(network, options)).rejects.toThrow('give engine onnxruntime');
});
