import { InputError } from '@espalier/errors';
import { type Network, type Node, named, reachable } from '@espalier/network';
import { parameterLayout } from './parameters.ts';

/** What has no gradient, and what can be done. */
export function withoutGradient(node: Node): string {
  return `${named(node)} has no gradient, so what lies in front of it cannot be trained: leave the training out, and repair instead, which needs none`;
}

/**
 * Gradients have to pass whatever lies between a weight and an output.
 *
 * @param field of the input that asks for gradients
 * @throws {InputError} where an operation without a rule is there
 */
export function checkTrainable(network: Network, field: string): void {
  const depends = new Set(parameterLayout(network).parameters.map(({ name }) => name));
  for (const node of reachable(network.nodes, network.outputs)) {
    if (!node.inputs.some((value) => depends.has(value))) continue;
    if (node.opaque) throw new InputError(withoutGradient(node), field);
    for (const value of node.outputs) depends.add(value);
  }
}
