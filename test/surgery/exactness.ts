import type { Engine } from '@espalier/engines';
import {
  type ChannelMap,
  cutNetwork,
  type FloatTensor,
  floatTensor,
  type KeptUnits,
  maskConsumers,
  maskValue,
  type Network,
  removedUnits,
  sizeOf,
} from '@espalier/network';
import type { Random } from '../../packages/network/test/random.ts';

type Values = Readonly<Record<string, FloatTensor>>;

/** Random pixels for every input of a network. */
export function randomInputs(network: Network, random: Random, batch = 2): Values {
  return Object.fromEntries(
    network.inputs.map(({ name, shape }) => {
      const dims = shape.map((extent) => (extent === -1 ? batch : extent));
      return [name, floatTensor(dims, random.values(sizeOf(dims), 1))];
    }),
  );
}

/** What the network computes with the removed units zeroed at every consumer's input. */
export async function runMasked(
  engine: Engine,
  network: Network,
  map: ChannelMap,
  structure: readonly KeptUnits[],
  inputs: Values,
): Promise<Values> {
  const masked = maskConsumers(network, map);
  const removed = removedUnits(map, structure);
  const masks = masked.masks.map((mask) => [mask.input, maskValue(mask, removed)] as const);
  return run(engine, masked.network, { ...inputs, ...Object.fromEntries(masks) });
}

export async function run(engine: Engine, network: Network, inputs: Values): Promise<Values> {
  const executable = await engine.compile(network);
  try {
    return await executable.run(inputs);
  } finally {
    await executable.dispose();
  }
}

/** The largest difference of any output, relative to its largest value. Infinite for values that are no numbers. */
export function relativeDifference(actual: Values, expected: Values): number {
  const differences = Object.entries(expected).map(([name, { dims, data }]) => {
    const other = actual[name];
    if (String(other?.dims) !== String(dims)) return Number.POSITIVE_INFINITY;
    let [difference, largest] = [0, 0];
    for (const [i, value] of data.entries()) {
      const apart = Math.abs(value - (other?.data[i] ?? Number.NaN));
      if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
      difference = Math.max(difference, apart);
      largest = Math.max(largest, Math.abs(value));
    }
    return difference === 0 ? 0 : difference / largest;
  });
  return Math.max(...differences);
}

/** Cuts a network and says how far it is from the network with the same units zeroed. */
export async function cutAndCompare(
  engine: Engine,
  network: Network,
  map: ChannelMap,
  structure: readonly KeptUnits[],
  random: Random,
): Promise<{ cut: Network; difference: number }> {
  const { network: cut } = cutNetwork(network, map, structure);
  const inputs = randomInputs(network, random);
  const expected = await runMasked(engine, network, map, structure, inputs);
  return { cut, difference: relativeDifference(await run(engine, cut, inputs), expected) };
}
