import { join } from 'node:path';
import type { Engine } from '@espalier/engines';
import { readNetwork, writeNetwork } from '@espalier/formats';
import { floatTensor, type Network, networkCost } from '@espalier/network';
import { repair } from '@espalier/pruning';
import { expect } from 'vitest';
import { modelsFolder } from '../../packages/formats/test/shared-models.ts';
import { Random } from '../../packages/network/test/random.ts';
import { randomInputs, run } from '../surgery/exactness.ts';
import { half } from './half.ts';

/** Those of a repair in `npm test`: branches that are concatenated, and conv-groups. The others take a minute. */
export const OFTEN_REPAIRED: readonly string[] = ['zoo/densenet_small.onnx', 'zoo/shufflenet_v2_x0_5.onnx'];

const IMAGES = 16;

/** Repairs a shared model that was pruned to half: it is nearer to what it was, on images that the repair has not seen. */
export async function expectNearer(engine: Engine, name: string, folder: string): Promise<void> {
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
  const errorOf = (is: Network) => relativeError(engine, is, network, inputs);
  expect(await errorOf(again)).toBeLessThan(await errorOf(pruned.network));
  expect(networkCost(again).macs).toBe(pruned.search.cost.macs);
}

/** Root of the squared differences of all outputs, relative to what they should be. */
async function relativeError(
  engine: Engine,
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
