import { InputError } from '@espalier/errors';
import { inferShapes, type Network, sizeOf } from '@espalier/network';

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
  const last = network.nodes.find((node) => node.outputs[0] === output);
  const passes = last && ['Identity', 'Flatten', 'Reshape'].includes(last.op);
  if (last && (last.op === 'Softmax' || last.op === 'LogSoftmax')) return ending(network, last.inputs[0]);
  if (!last || !passes) return network;
  const before = endingInSoftmax(network, last.inputs[0]);
  if (!before) return network;
  // Softmax, then a change of shape: the same change of the logits.
  const nodes = network.nodes
    .filter((node) => node !== before)
    .map((node) =>
      node === last ? { ...node, inputs: [before.inputs[0] ?? '', ...node.inputs.slice(1)] } : node,
    );
  return { ...network, nodes };
}

function ending(network: Network, value = ''): Network {
  return { ...network, outputs: [value] };
}

function endingInSoftmax(network: Network, value: string | undefined) {
  const producer = network.nodes.find((node) => node.outputs[0] === value);
  return producer && ['Softmax', 'LogSoftmax'].includes(producer.op) ? producer : undefined;
}
