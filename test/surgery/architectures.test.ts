import { type Engine, openEngine } from '@espalier/engines';
import { channelMap, type Network, networkCost } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { architectures } from '../generate/architectures.ts';
import { randomStructure } from '../generate/random-network.ts';
import { cutAndCompare } from './exactness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** Narrow, on small images. */
function small(name: string): Network {
  const cifar = name.endsWith('cifar');
  const network = architectures[name]?.({ size: cifar ? 32 : 64, width: cifar ? 0.5 : 0.25, classes: 10 });
  if (!network) throw new Error(`there is no architecture "${name}"`);
  return network;
}

describe('cutting random units is the same as zeroing them in', () => {
  test.each(Object.keys(architectures))('%s', async (name) => {
    const network = small(name);
    const map = channelMap(network);
    const random = new Random(7);
    const structure = randomStructure(map, random);
    const { cut, difference } = await cutAndCompare(engine, network, map, structure, random);
    expect(difference).toBeLessThanOrEqual(1e-4);
    expect(networkCost(cut).macs).toBeLessThan(0.9 * networkCost(network).macs);
  });
});

describe('groups of', () => {
  // Every inner layer by itself, every stream once, the head never.
  test.each([
    // 3 streams, 9 inner layers
    ['resnet20-cifar', 12, 1],
    // 54 inner layers, the stream of the first stage and the channels that each later stage adds to it
    ['resnet110-cifar', 57, 1],
    ['resnet50', 1 + 4 + 32, 1],
    ['vgg16-cifar', 13, 1],
    ['densenet121', 1 + 2 * 58 + 3, 1],
    // Concatenation after concatenation: the branches of each module, and nothing is tied.
    ['squeezenet', 1 + 3 * 8, 1],
  ])('%s: %i prunable, %i not', (name, prunable, fixed) => {
    const { groups } = channelMap(small(name));
    expect(groups.filter((group) => group.prunable)).toHaveLength(prunable);
    expect(groups.filter((group) => !group.prunable)).toHaveLength(fixed);
  });
});
