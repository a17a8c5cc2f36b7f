import { createHash } from 'node:crypto';
import { type Network, withoutTail } from '@espalier/network';

/** A short hash of a network's operations, of what they read, and of the shapes of its weights, whatever these are. */
export function structureOf(network: Network): string {
  const { nodes, inputs, constants } = withoutTail(network);
  const places = new Map(inputs.map(({ name }, i) => [name, i]));
  const hash = createHash('sha256');
  for (const { op, inputs: read, outputs, attributes } of nodes) {
    const from = read.map((value) => {
      const tensor = constants.get(value);
      return tensor ? `[${tensor.dims}]` : places.get(value);
    });
    hash.update(JSON.stringify([op, from, attributes]));
    for (const value of outputs) places.set(value, places.size);
  }
  return hash.digest('hex').slice(0, 8);
}
