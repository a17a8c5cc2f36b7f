import type { Network } from '../network.ts';
import type { Tensor } from '../tensor.ts';

/** How often every value and constant is read: by nodes, and by whoever reads the network's outputs. */
export function readCounts({ nodes, outputs }: Pick<Network, 'nodes' | 'outputs'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The constants that are read. */
export function readConstants(
  network: Pick<Network, 'nodes' | 'outputs'>,
  constants: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const counts = readCounts(network);
  return new Map([...constants].filter(([name]) => counts.has(name)));
}

/** Names for what a rewrite adds: `wanted` itself, or where the network has it already the first free `wanted_2`, ... */
export function nameGiver({ inputs, nodes, constants, tail }: Network): (wanted: string) => string {
  const taken = new Set([
    ...inputs.map(({ name }) => name),
    ...[...nodes, ...(tail?.nodes ?? [])].flatMap(({ name, outputs }) => [name, ...outputs]),
    ...constants.keys(),
    ...(tail?.constants.keys() ?? []),
  ]);
  return (wanted) => {
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}_${k}`;
    taken.add(name);
    return name;
  };
}
