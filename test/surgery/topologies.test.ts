import { type Engine, openEngine } from '@espalier/engines';
import { channelMap } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { topologies } from '../../packages/network/test/topologies/index.ts';
import { randomStructure } from '../generate/random-network.ts';
import { cutAndCompare } from './exactness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

describe('cutting is the same as zeroing in', () => {
  test.each(topologies.map((topology) => [topology.name, topology] as const))('%s', async (_, topology) => {
    const network = topology.network();
    const map = channelMap(network);
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(seed);
      const structure = randomStructure(map, random);
      const { difference } = await cutAndCompare(engine, network, map, structure, random);
      expect(difference).toBeLessThanOrEqual(1e-4);
    }
  });
});
