import { InputError } from '@espalier/errors';
import type { Network, Node } from './network.ts';
import { operationOf } from './ops/index.ts';
import type { Shape } from './tensor.ts';

/** A prime, so that an axis that follows the batch is never mistaken for one that does not. */
export const PROBE_BATCH = 7919;

/** Shapes of every value of the network, constants included, for one batch size. */
export function inferShapes(network: Network, batch = 1): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const [name, tensor] of network.constants) shapes.set(name, tensor.dims);
  for (const input of network.inputs) {
    shapes.set(
      input.name,
      input.shape.map((extent) => (extent === -1 ? batch : extent)),
    );
  }
  for (const node of network.nodes) {
    const inputs = node.inputs.map((value) => {
      const shape = shapes.get(value);
      if (!shape)
        throw new InputError(`${node.op} "${node.name}" reads "${value}", which nothing before it computes`);
      return shape;
    });
    const outputs = outputShapes(node, inputs);
    node.outputs.forEach((value, i) => {
      shapes.set(value, outputs[i] ?? []);
    });
  }
  return shapes;
}

/** @throws {InputError} that names the node, where its inputs do not go together */
export function outputShapes(node: Node, inputs: readonly Shape[]): Shape[] {
  const operation = operationOf(node);
  try {
    return operation.shapes(node, inputs);
  } catch (error) {
    throw new InputError(`${node.op} "${node.name}": ${error instanceof Error ? error.message : error}`);
  }
}
