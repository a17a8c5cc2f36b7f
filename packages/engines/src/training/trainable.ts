import { InputError } from '@espalier/errors';
import { type Network, type Node, named, reachable, takesOneImage } from '@espalier/network';
import { parameterLayout } from './parameters.ts';

/** What has no gradient, and what can be done. */
export function withoutGradient(node: Node): string {
  return `${named(node)} has no gradient, so layers before it cannot be trained: leave the training out, and use repair, which needs none`;
}

/** Images per batch of a network that takes one: its graph is there once for each. */
const MOST_SINGLE = 32;

/**
 * Gradients have to pass whatever is between a weight and an output.
 *
 * @param field of the input that asks for gradients
 * @param batch images per step; left out: few enough
 * @throws {InputError} where an operation without a rule is there, or the batch is too large for the network
 */
export function checkTrainable(network: Network, field: string, batch = 1): void {
  if (takesOneImage(network) && batch > MOST_SINGLE) {
    throw new InputError(
      `network "${network.name}" takes one image at a time, so a training step repeats it for each image: give a recipe with a batch of at most ${MOST_SINGLE}, not ${batch}`,
      `${field}.batch`,
    );
  }
  const depends = new Set(parameterLayout(network).parameters.map(({ name }) => name));
  for (const node of reachable(network.nodes, network.outputs)) {
    if (!node.inputs.some((value) => depends.has(value))) continue;
    if (node.opaque) throw new InputError(withoutGradient(node), field);
    for (const value of node.outputs) depends.add(value);
  }
}
