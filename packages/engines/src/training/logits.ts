import { InputError } from '@espalier/errors';
import {
  floatTensor,
  inferShapes,
  type Network,
  type Node,
  namedNode,
  nameGiver,
  sizeOf,
} from '@espalier/network';

/**
 * A network that ends in Softmax without it: the loss has one of its own. One score for two classes, with or without a
 * Sigmoid, becomes two: 0 and the score, whose softmax is that sigmoid.
 *
 * @throws {InputError} unless the network has one output [batch, classes]
 */
export function endingInLogits(network: Network): Network {
  const [output = '', ...others] = network.outputs;
  const shape = inferShapes(network, 1).get(output) ?? [];
  if (others.length > 0 || shape.length < 2 || sizeOf(shape) !== shape[1]) {
    throw new InputError(
      `network "${network.name}" cannot be trained: it must have one output [batch, classes]`,
    );
  }
  const isOne = shape[1] === 1;
  const logits = withoutLast(network, output, isOne ? isSigmoid : isSoftmax);
  return isOne ? withTwoScores(logits) : logits;
}

/** Without the operation that the output ends in, if it is such a one. */
function withoutLast(network: Network, output: string, isIt: (node: Node) => boolean): Network {
  const producerOf = (value = '') => network.nodes.find((node) => node.outputs[0] === value);
  const last = producerOf(output);
  if (last && isIt(last)) return { ...network, outputs: [last.inputs[0] ?? ''] };
  if (!last || !['Identity', 'Flatten', 'Reshape'].includes(last.op)) return network;
  const before = producerOf(last.inputs[0]);
  if (!before || !isIt(before)) return network;
  // Softmax, say, then a change of shape: the same change of the logits.
  const nodes = network.nodes
    .filter((node) => node !== before)
    .map((node) =>
      node === last ? { ...node, inputs: [before.inputs[0] ?? '', ...node.inputs.slice(1)] } : node,
    );
  return { ...network, nodes };
}

function withTwoScores(network: Network): Network {
  const giveName = nameGiver(network);
  const [score = ''] = network.outputs;
  const [rows, two, weight] = [giveName('score'), giveName('two scores'), giveName('two scores/weight')];
  return {
    ...network,
    nodes: [
      ...network.nodes,
      namedNode('Reshape', [score], rows, { shape: [-1, 1] }),
      namedNode('MatMul', [rows, weight], two),
    ],
    constants: new Map([...network.constants, [weight, floatTensor([1, 2], [0, 1])]]),
    outputs: [two],
  };
}

function isSigmoid({ op }: Node): boolean {
  return op === 'Sigmoid';
}

function isSoftmax({ op }: Node): boolean {
  return op === 'Softmax' || op === 'LogSoftmax';
}
