import { join } from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import {
  buildArchitecture,
  constantOf,
  foldBatchNorm,
  inputOf,
  type Network,
  type Node,
  unfoldable,
  unfoldBatchNorm,
} from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingModels, modelsFolder, sharedModels } from '../../packages/formats/test/shared-models.ts';
import { NetworkBuilder } from '../../packages/network/test/builder.ts';
import { Random } from '../../packages/network/test/random.ts';
import { topologies } from '../../packages/network/test/topologies/index.ts';
import { randomInputs, relativeDifference, run } from '../surgery/exactness.ts';
import { countOf, measure, withTrainedBatchNorm } from './statistics.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** BatchNorm after every convolution that can get one, by statistics of random images. */
async function unfoldAll(network: Network) {
  const nodes = unfoldable(network);
  const inputs = randomInputs(network, new Random(3), 4);
  const statistics = await measure(engine, network, nodes, inputs);
  return { unfolded: unfoldBatchNorm(network, statistics), nodes, inputs, statistics };
}

/** How far the network with BatchNorm, and that folded again, is from the original on other images. */
async function differences(network: Network, unfolded: Network): Promise<readonly number[]> {
  const inputs = randomInputs(network, new Random(4));
  const expected = await run(engine, network, inputs);
  const back = foldBatchNorm(unfolded, addedTo(network, unfolded));
  expect(back.nodes.map(({ name, outputs }) => [name, outputs])).toEqual(
    network.nodes.map(({ name, outputs }) => [name, outputs]),
  );
  const after = [await run(engine, unfolded, inputs), await run(engine, back, inputs)];
  return after.map((values) => relativeDifference(values, expected));
}

/** The BatchNormalizations that were added. */
function addedTo(network: Network, unfolded: Network): Set<string> {
  const before = new Set(network.nodes.map(({ name }) => name));
  return new Set(unfolded.nodes.map(({ name }) => name).filter((name) => !before.has(name)));
}

function sharesWeight(network: Network, node: Node): boolean {
  return network.nodes.filter(({ inputs }) => inputs.includes(inputOf(node, 1))).length > 1;
}

describe('unfolding changes no output, and folding takes it back:', () => {
  const candidates = topologies
    .map((topology) => ({ name: topology.name, network: topology.network() }))
    .filter(({ network }) => {
      const nodes = unfoldable(network);
      return nodes.length > 0 && !nodes.some((node) => sharesWeight(network, node));
    });
  test.each(candidates.map(({ name, network }) => [name, network] as const))('%s', async (_, network) => {
    const { unfolded, nodes } = await unfoldAll(network);
    expect(countOf(unfolded, 'BatchNormalization')).toBe(
      countOf(network, 'BatchNormalization') + nodes.length,
    );
    for (const difference of await differences(network, unfolded)) {
      expect(difference).toBeLessThanOrEqual(1e-5);
    }
  });

  test.each(['resnet20', 'mobilenetv2'])('%s that was folded', async (name) => {
    const random = new Random(1);
    const input = { channels: 3, height: 32, width: 32 };
    const built = buildArchitecture(name, { classes: 10, input, random: () => random.next() });
    const folded = foldBatchNorm(withTrainedBatchNorm(built, random));
    expect(unfoldable(folded)).toHaveLength(countOf(built, 'Conv'));
    const { unfolded } = await unfoldAll(folded);
    expect(unfolded.nodes.map(({ op }) => op)).toEqual(built.nodes.map(({ op }) => op));
    for (const difference of await differences(folded, unfolded)) {
      expect(difference).toBeLessThanOrEqual(1e-5);
    }
  });
});

test('a weight that two convolutions share gets two BatchNormalizations', async () => {
  const b = new NetworkBuilder('shared');
  const one = b.relu(b.conv(b.input([4, 5, 5]), 4, { name: 'one', bias: true }));
  const network = b.build(b.conv(one, 4, { name: 'two', weight: 'one.weight' }));
  const { unfolded, inputs } = await unfoldAll(network);
  expect(countOf(unfolded, 'BatchNormalization')).toBe(2);
  const [actual, expected] = [await run(engine, unfolded, inputs), await run(engine, network, inputs)];
  expect(relativeDifference(actual, expected)).toBeLessThanOrEqual(1e-5);
});

test('a channel that never changes works: one without weights, with and without a bias', async () => {
  const b = new NetworkBuilder('constant channel');
  const weight = b.random.values(3 * 2 * 9, 0.5).fill(0, 0, 36);
  b.constant([3, 2, 3, 3], weight, 'w');
  const inputs = [b.input([2, 5, 5]), 'w', b.constant([3], [0, 1.7, 0.3])];
  const attributes = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
  const network = b.build(b.op('Conv', inputs, attributes, 'conv'));
  const { unfolded, statistics } = await unfoldAll(network);
  expect([...(statistics.get('conv')?.variance.subarray(0, 2) ?? [])]).toEqual([0, 0]);
  for (const difference of await differences(network, unfolded)) {
    expect(difference).toBeLessThanOrEqual(1e-6);
  }
});

test('the running statistics are those of the images: what training would measure', async () => {
  const random = new Random(6);
  const input = { channels: 3, height: 16, width: 16 };
  const built = buildArchitecture('resnet20', { classes: 10, input, random: () => random.next() });
  const { unfolded, inputs } = await unfoldAll(foldBatchNorm(withTrainedBatchNorm(built, random)));
  const convolutions = unfolded.nodes.filter(({ op }) => op === 'Conv');
  const measured = await measure(engine, unfolded, convolutions, inputs);
  for (const { name } of convolutions) {
    const running = (part: string) => constantOf(unfolded, `${name}/bn.running_${part}`).data;
    const { mean = [], variance = [] } = measured.get(name) ?? {};
    for (const [c, value] of variance.entries()) {
      expect(value / Number(running('var')[c])).toBeCloseTo(1, 4);
      expect(((mean[c] ?? 0) - Number(running('mean')[c])) / Math.sqrt(value)).toBeCloseTo(0, 4);
    }
  }
});

if (sharedModels.length === 0) test.skip(`files with folded BatchNorm (${missingModels})`);

describe.runIf(sharedModels.length > 0)('files whose exporter has folded BatchNorm', () => {
  test.each(sharedModels.filter((name) => name.startsWith('zoo/')))('%s', async (name) => {
    const { network } = await readNetwork(join(modelsFolder, name));
    const { unfolded, nodes } = await unfoldAll(network);
    expect(nodes.length).toBeGreaterThan(3);
    for (const difference of await differences(network, unfolded)) {
      expect(difference).toBeLessThanOrEqual(1e-5);
    }
  });
});
