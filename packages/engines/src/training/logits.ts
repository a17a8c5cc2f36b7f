import { InputError } from '@espalier/errors';
import { inferShapes, type Network, type Node, sizeOf } from '@espalier/network';

/**
 * A network that ends in Softmax without it: the loss has one of its own.
 *
 * @throws {InputError} unless the network has one input with a batch axis and one output [batch, classes]
 */
export function endingInLogits(network: Network): Network {
  const [output = '', ...others] = network.outputs;
  const shape = inferShapes(network, 1).get(output) ?? [];
  if (network.inputs.length !== 1 || others.length > 0 || shape.length < 2 || sizeOf(shape) !== shape[1]) {
    throw new InputError(
      `network "${network.name}" cannot be trained: it must have one input and one output [batch, classes]`,
    );
  }
  const producerOf = (value = '') => network.nodes.find((node) => node.outputs[0] === value);
  const last = producerOf(output);
  if (last && isSoftmax(last)) return { ...network, outputs: [last.inputs[0] ?? ''] };
  if (!last || !['Identity', 'Flatten', 'Reshape'].includes(last.op)) return network;
  const before = producerOf(last.inputs[0]);
  if (!before || !isSoftmax(before)) return network;
  // Softmax, then a change of shape: the same change of the logits.
  const nodes = network.nodes
    .filter((node) => node !== before)
    .map((node) =>
      node === last ? { ...node, inputs: [before.inputs[0] ?? '', ...node.inputs.slice(1)] } : node,
    );
  return { ...network, nodes };
}

function isSoftmax({ op }: Node): boolean {
  return op === 'Softmax' || op === 'LogSoftmax';
}
