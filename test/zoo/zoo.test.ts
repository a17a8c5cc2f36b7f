import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork, writeNetwork } from '@espalier/formats';
import { channelMap, floatTensor, type Network, networkCost, prunableGroups } from '@espalier/network';
import { costModel, findCriterion, prune, rank, repair } from '@espalier/pruning';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingModels, modelsFolder, sharedModels } from '../../packages/formats/test/shared-models.ts';
import { Random } from '../../packages/network/test/random.ts';
import { randomInputs, relativeDifference, run, runMasked } from '../surgery/exactness.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'espalier-zoo-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Half of the multiply-accumulates, the same ratio for every group, units by their l1 norm. */
function half(network: Network) {
  const map = channelMap(network);
  const criterion = findCriterion('l1');
  const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0 }));
  const cost = costModel(network, map, rankings);
  const pruned = prune({
    network,
    map,
    rankings,
    cost,
    criterion: criterion.name,
    allocation: 'uniform',
    target: { metric: 'macs', share: 0.5 },
    limits: {},
  });
  return { map, pruned };
}

/** Groups that are prunable and groups that are not: the dense layer, and single channels of ShuffleNet's branches. */
const groupCounts: Readonly<Record<string, readonly [number, number]>> = {
  'resnet20-cifar10.onnx': [12, 1],
  'vgg16-half-cifar10.onnx': [13, 1],
  'zoo/densenet_small.onnx': [22, 1],
  'zoo/mnasnet0_5.onnx': [25, 1],
  'zoo/mobilenet_v3_small.onnx': [27, 1],
  'zoo/resnext_small.onnx': [13, 1],
  'zoo/shufflenet_v2_x0_5.onnx': [45, 4],
  'zoo/squeezenet1_1.onnx': [25, 1],
};

if (sharedModels.length === 0) test.skip(`every shared model (${missingModels})`);

describe.runIf(sharedModels.length > 0)('pruned to half of its MACs, written and read again', () => {
  test.each(sharedModels)('%s', async (name) => {
    const { network } = await readNetwork(join(modelsFolder, name));
    const { map, pruned } = half(network);
    const prunable = prunableGroups(map).length;
    expect([prunable, map.groups.length - prunable]).toEqual(groupCounts[name]);

    const file = join(folder, name.replaceAll('/', '-'));
    await writeNetwork(file, pruned.network);
    const { network: again, warnings } = await readNetwork(file);
    expect(warnings).toEqual([]);
    expect(networkCost(again)).toEqual(pruned.search.cost);
    expect(pruned.search.achieved.macs).toBeGreaterThanOrEqual(0.5);
    expect(pruned.search.achieved.macs).toBeLessThan(0.53);

    const inputs = randomInputs(network, new Random(5), 1);
    const expected = await runMasked(engine, network, map, pruned.structure, inputs);
    expect(relativeDifference(await run(engine, again, inputs), expected)).toBeLessThanOrEqual(1e-4);
  });
});

/** Root of the squared differences of all outputs, relative to what they should be. */
async function errorOf(
  network: Network,
  base: Network,
  inputs: ReturnType<typeof randomInputs>,
): Promise<number> {
  const [is, should] = [await run(engine, network, inputs), await run(engine, base, inputs)];
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  const expected = Object.values(should).flatMap(({ data }) => [...data]);
  const actual = Object.values(is).flatMap(({ data }) => [...data]);
  return Math.sqrt(squares(actual.map((value, i) => value - (expected[i] ?? 0))) / squares(expected));
}

const IMAGES = 16;

describe.runIf(sharedModels.length > 0)('repaired, written and read again', () => {
  test.each(sharedModels)(
    '%s is nearer to what it was, on images that the repair has not seen',
    async (name) => {
      const { network } = await readNetwork(join(modelsFolder, name));
      const { map, pruned } = half(network);
      const seen = Object.values(randomInputs(network, new Random(6), IMAGES))[0];
      if (!seen) throw new Error('the network has no input');
      const each = seen.data.length / IMAGES;
      const repaired = await repair({
        ...{ base: network, map, structure: pruned.structure, cut: pruned.network, engine, seed: 0 },
        images: {
          count: IMAGES,
          async *batches(size) {
            for (let from = 0; from < IMAGES; from += size) {
              const data = seen.data.slice(from * each, Math.min(IMAGES, from + size) * each);
              yield floatTensor([data.length / each, ...seen.dims.slice(1)], data);
            }
          },
        },
      });
      const file = join(folder, `repaired-${name.replaceAll('/', '-')}`);
      await writeNetwork(file, repaired.network);
      const { network: again } = await readNetwork(file);
      const inputs = randomInputs(network, new Random(7), 4);
      const [before, after] = [
        await errorOf(pruned.network, network, inputs),
        await errorOf(again, network, inputs),
      ];
      expect(after).toBeLessThan(before);
      expect(networkCost(again).macs).toBe(pruned.search.cost.macs);
    },
    120_000,
  );
});
