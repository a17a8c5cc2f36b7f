import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelMap, networkCost, networkHash, prunableGroups } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import { expectSameNetwork } from '../test/runtime.ts';
import { missingModels, modelsFolder, sharedModels } from '../test/shared-models.ts';
import { decodeOnnx, readNetwork } from './index.ts';

const shared = describe.skipIf(sharedModels.length === 0);

shared(`networks that PyTorch exported${sharedModels.length === 0 ? ` (${missingModels})` : ''}`, () => {
  test.each(sharedModels)('%s computes the same after it was read and written', async (name) => {
    const network = await expectSameNetwork(await readFile(join(modelsFolder, name)), { batches: [1, 2] });
    expect(network.nodes.every(({ op }) => !['Shape', 'Constant', 'Identity'].includes(op))).toBe(true);
    expect(network.constants.size).toBe(new Set(network.nodes.flatMap(constantInputs(network))).size);
    expect(prunableGroups(channelMap(network)).length).toBeGreaterThan(5);
  });

  test.each([
    ['resnet20-cifar10.onnx', 272_474, 40_813_184],
    ['vgg16-half-cifar10.onnx', 3_684_842, 78_744_064],
  ])('%s has the params and MACs that were measured elsewhere', async (name, params, macs) => {
    const { network } = await readNetwork(join(modelsFolder, name));
    expect(networkCost(network)).toEqual({ params, macs });
  });

  test('ResNet-20 brings its preprocessing in a side file', async () => {
    const { network, warnings } = await readNetwork(join(modelsFolder, 'resnet20-cifar10.onnx'));
    expect(network.name).toBe('resnet20-cifar10');
    expect(network.metadata?.input.mean).toEqual([0.4914, 0.4822, 0.4465]);
    expect(network.metadata?.output).toBe('logits');
    expect(network.metadata?.classes).toHaveLength(10);
    expect(warnings).toEqual([]);
  });

  test('nodes and weights keep the names of the file', async () => {
    const { network } = await readNetwork(join(modelsFolder, 'resnet20-cifar10.onnx'));
    expect(network.nodes[0]).toMatchObject({ name: '/conv1/Conv', inputs: ['input', 'conv1.weight'] });
    expect(network.outputs).toEqual(['logits']);
  });

  test('ShuffleNet has its shuffles as Gathers and nothing that transposes', async () => {
    const bytes = await readFile(join(modelsFolder, 'zoo', 'shufflenet_v2_x0_5.onnx'));
    const { network } = await decodeOnnx(bytes, { name: 'shufflenet' });
    const ops = network.nodes.map(({ op }) => op);
    expect(ops.filter((op) => op === 'Gather')).toHaveLength(16);
    expect(ops).not.toContain('Transpose');
    expect(networkHash(network)).toMatch(/^[0-9a-f]{64}$/);
  });
});

function constantInputs({ constants }: { constants: ReadonlyMap<string, unknown> }) {
  return ({ inputs }: { inputs: readonly string[] }) => inputs.filter((value) => constants.has(value));
}
