import { fileURLToPath } from 'node:url';
import { type Engine, openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import {
  channelMap,
  cutNetwork,
  groupSlices,
  type KeptUnits,
  type Network,
  type Tensor,
  takeAlong,
} from '@espalier/network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { topologies } from '../../packages/network/test/topologies/index.ts';
import { architectures } from '../generate/architectures.ts';
import { randomStructure } from '../generate/random-network.ts';
import { randomInputs, relativeDifference, run, runMasked } from './exactness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

interface Gone {
  readonly tensor: string;
  readonly axis: number;
  readonly indices: readonly number[];
  readonly zero: boolean;
}

/** What of which tensor goes with the removed units: all that a script knows. */
function goneOf(network: Network, structure: readonly KeptUnits[]): Gone[] {
  const map = channelMap(network);
  const all = groupSlices(network, map);
  return map.groups.flatMap(({ id, width }, g) => {
    const kept = structure.find(({ group }) => group === id)?.kept ?? [];
    const { slices = [] } = all[g] ?? {};
    if (kept.length === 0 || kept.length === width) return [];
    return slices.map(({ tensor, axis, units, zero }) => {
      const indices = units.flatMap((unit, i) => (unit >= 0 && !kept.includes(unit) ? [i] : []));
      return { tensor, axis, indices, zero };
    });
  });
}

function tensorOf(constants: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = constants.get(name);
  if (!tensor) throw new Error(`there is no tensor "${name}"`);
  return tensor;
}

/** Takes indices out, axis by axis, as a script does. */
function naivelyCut(network: Network, gone: readonly Gone[]): Map<string, Tensor> {
  const byAxis = new Map<string, { tensor: string; axis: number; indices: Set<number> }>();
  for (const { tensor, axis, indices } of gone) {
    const at = byAxis.get(`${axis} ${tensor}`) ?? { tensor, axis, indices: new Set() };
    for (const index of indices) at.indices.add(index);
    byAxis.set(`${axis} ${tensor}`, at);
  }
  const constants = new Map<string, Tensor>(network.constants);
  for (const { tensor, axis, indices } of byAxis.values()) {
    const whole = tensorOf(constants, tensor);
    const kept = Array.from({ length: whole.dims[axis] ?? 0 }, (_, i) => i).filter((i) => !indices.has(i));
    constants.set(tensor, takeAlong(whole, axis, kept));
  }
  return constants;
}

/** Zeroes weights where something is summed over them, and nothing else. */
function naivelyZeroed(network: Network, gone: readonly Gone[]): Network {
  const constants = new Map<string, Tensor>(network.constants);
  for (const { tensor, axis, indices, zero } of gone) {
    if (!zero) continue;
    const { dims, data } = tensorOf(constants, tensor);
    const inner = dims.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    const zeroed = data.slice();
    for (let at = 0; at < zeroed.length; at++) {
      if (indices.includes(Math.floor(at / inner) % (dims[axis] ?? 1))) zeroed[at] = 0;
    }
    constants.set(tensor, { dims, data: zeroed } as Tensor);
  }
  return { ...network, constants };
}

async function check(network: Network, seed: number): Promise<number> {
  const map = channelMap(network);
  const random = new Random(seed);
  const structure = randomStructure(map, random);

  const cut = cutNetwork(network, map, structure).network.constants;
  const naive = naivelyCut(network, goneOf(network, structure));
  for (const [name, { dims, data }] of cut) {
    const other = tensorOf(naive, name);
    expect({ name, dims: other.dims, data: other.data }).toEqual({ name, dims, data });
  }

  // Groups that cannot be zeroed stay whole in this half.
  const all = groupSlices(network, map);
  const able = new Set(map.groups.flatMap(({ id }, g) => (all[g]?.canZero ? [id] : [])));
  const some = structure.filter(({ group }) => able.has(group));
  const inputs = randomInputs(network, random);
  const expected = await runMasked(engine, network, map, some, inputs);
  const zeroed = naivelyZeroed(network, goneOf(network, some));
  expect(relativeDifference(await run(engine, zeroed, inputs), expected)).toBeLessThanOrEqual(1e-4);
  return some.length / Math.max(1, structure.length);
}

describe('slices say what to cut and what to zero in', () => {
  test.each(topologies.map((topology) => [topology.name, topology] as const))('%s', async (_, topology) => {
    for (let seed = 0; seed < 3; seed++) await check(topology.network(), seed);
  });

  test('a ResNet-20 as it was trained, all of whose groups can be zeroed', async () => {
    const file = fileURLToPath(new URL('../../models/resnet20-cifar10.onnx', import.meta.url));
    const { network } = await readNetwork(file);
    expect(await check(network, 1)).toBe(1);
  });

  test('a MobileNetV2, depthwise layers included', async () => {
    const network = architectures['mobilenet-v2']?.({ size: 64, width: 0.25, classes: 10 });
    if (!network) throw new Error('there is no such architecture');
    expect(await check(network, 2)).toBe(1);
  });
});
