import { constantOf, inputOf, type Network, type Node, outputOf } from '../network.ts';
import { inferShapes } from '../shapes.ts';
import { floatTensor, type Tensor } from '../tensor.ts';
import { nameGiver } from './reads.ts';

/**
 * The same network with every BatchNormalization written as what it is once trained: x * a + b a channel, with
 * a = scale / sqrt(variance + epsilon) and b = shift - mean * a of its running statistics. It can then be
 * differentiated as it is evaluated. All names stay.
 *
 * @throws {Error} where the statistics of a BatchNormalization are computed by the network
 */
export function freezeBatchNorm(network: Network): Network {
  const shapes = inferShapes(network, 1);
  const giveName = nameGiver(network);
  const constants = new Map<string, Tensor>(network.constants);
  const nodes = network.nodes.flatMap((node): Node[] => {
    if (node.op !== 'BatchNormalization') return [node];
    const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) =>
      Float64Array.from(constantOf(network, inputOf(node, i)).data, Number),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const epsilon = Number(node.attributes.epsilon);
    const a = scale.map((each, c) => each / Math.sqrt((variance[c] ?? 0) + epsilon));
    const b = shift.map((each, c) => each - (mean[c] ?? 0) * (a[c] ?? 0));
    const [, channels = 1, ...space] = shapes.get(inputOf(node, 0)) ?? [];
    const dims = [channels, ...space.map(() => 1)];
    const constant = (part: string, values: Float64Array) => {
      const name = giveName(`${node.name}/${part}`);
      constants.set(name, floatTensor(dims, Float32Array.from(values)));
      return name;
    };
    const scaled = giveName(`${node.name}/scaled`);
    return [
      {
        name: scaled,
        op: 'Mul',
        inputs: [inputOf(node, 0), constant('a', a)],
        outputs: [scaled],
        attributes: {},
      },
      {
        name: node.name,
        op: 'Add',
        inputs: [scaled, constant('b', b)],
        outputs: [outputOf(node)],
        attributes: {},
      },
    ];
  });
  return { ...network, nodes, constants };
}
