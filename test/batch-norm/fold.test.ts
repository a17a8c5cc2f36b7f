import { join } from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { architectureNames, buildArchitecture, foldBatchNorm, type Network } from '@espalier/network';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingModels, modelsFolder, sharedModels } from '../../packages/formats/test/shared-models.ts';
import { NetworkBuilder } from '../../packages/network/test/builder.ts';
import { Random } from '../../packages/network/test/random.ts';
import { topologies } from '../../packages/network/test/topologies/index.ts';
import { networkOf, networkPlan } from '../generate/random-network.ts';
import { randomInputs, relativeDifference, run } from '../surgery/exactness.ts';
import { countOf, withTrainedBatchNorm } from './statistics.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** The folded network, and how far what ONNX Runtime computes with it is from what it computes with the original. */
async function foldAndCompare(network: Network): Promise<{ folded: Network; difference: number }> {
  const inputs = randomInputs(network, new Random(3));
  const folded = foldBatchNorm(network);
  const expected = await run(engine, network, inputs);
  return { folded, difference: relativeDifference(await run(engine, folded, inputs), expected) };
}

describe('folding changes no output of', () => {
  test.each(topologies.map((topology) => [topology.name, topology] as const))('%s', async (_, topology) => {
    const { difference } = await foldAndCompare(topology.network());
    expect(difference).toBeLessThanOrEqual(1e-5);
  });

  test.each(architectureNames)('%s', async (name) => {
    const random = new Random(1);
    const input = { channels: 3, height: 32, width: 32 };
    const built = buildArchitecture(name, { classes: 10, input, random: () => random.next() });
    const { folded, difference } = await foldAndCompare(withTrainedBatchNorm(built, random));
    expect(difference).toBeLessThanOrEqual(1e-5);
    expect(countOf(built, 'BatchNormalization')).toBeGreaterThan(12);
    expect(countOf(folded, 'BatchNormalization')).toBe(0);
  });

  test('convolutions with conv-groups, with biases, and dense layers', async () => {
    const b = new NetworkBuilder('layers');
    let x = b.relu(b.batchNorm(b.conv(b.input([4, 6, 6]), 6, { group: 2, bias: true })));
    x = b.relu(b.batchNorm(b.depthwise(x, { multiplier: 2, stride: 2 })));
    x = b.batchNorm(b.conv(x, 5, { kernel: [1, 3], bias: true }));
    x = b.relu(b.batchNorm(b.gemm(b.flatten(x), 7, { transB: 0 })));
    x = b.batchNorm(b.gemm(x, 4, { bias: false }));
    const { folded, difference } = await foldAndCompare(b.build(x));
    expect(difference).toBeLessThanOrEqual(1e-5);
    expect(countOf(folded, 'BatchNormalization')).toBe(0);
  });

  test('random networks', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(networkPlan, async (plan) => {
        const { difference } = await foldAndCompare(networkOf(plan));
        expect(difference).toBeLessThanOrEqual(1e-4);
      }),
      { numRuns: 60 },
    ),
  );
});

if (sharedModels.length === 0) test.skip(`every shared model (${missingModels})`);

describe.runIf(sharedModels.length > 0)('folding changes no output of the file', () => {
  test.each(sharedModels)('%s', async (name) => {
    const { network } = await readNetwork(join(modelsFolder, name));
    const { folded, difference } = await foldAndCompare(network);
    expect(difference).toBeLessThanOrEqual(1e-5);
    if (name.includes('cifar10')) expect(countOf(folded, 'BatchNormalization')).toBe(0);
  });
});
