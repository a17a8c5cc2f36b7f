import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork, writeNetwork } from '@espalier/formats';
import { networkCost, prunableGroups } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingModels, modelsFolder, sharedModels } from '../../packages/formats/test/shared-models.ts';
import { Random } from '../../packages/network/test/random.ts';
import { randomInputs, relativeDifference, run, runMasked } from '../surgery/exactness.ts';
import { half } from './half.ts';
import { expectNearer, OFTEN_REPAIRED } from './repaired.ts';

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

describe.runIf(sharedModels.length > 0)('repaired, written and read again', () => {
  test.each(OFTEN_REPAIRED)(
    '%s is nearer to what it was, on images that the repair has not seen',
    (name) => expectNearer(engine, name, folder),
    120_000,
  );
});
