import { inputOf, type Network, type Node, namedNode, outputOf } from '../network.ts';
import { inferShapes } from '../shapes.ts';
import { floatTensor, type Shape, type Tensor } from '../tensor.ts';

/** Names of the extra outputs that hold a BatchNorm's batch mean and (biased) batch variance. */
export const meanOf = (node: string): string => `${node}/batch-mean`;
export const varianceOf = (node: string): string => `${node}/batch-variance`;

/**
 * A network in which every BatchNorm normalises by the statistics of its batch and returns them: mean and
 * variance over all axes but the channels.
 */
export function exposeStatistics(network: Network): Network {
  const shapes = inferShapes(network, 1);
  const constants = new Map<string, Tensor>(network.constants);
  const outputs = [...network.outputs];
  const nodes = network.nodes.flatMap((node): Node[] => {
    if (node.op !== 'BatchNormalization') return [node];
    outputs.push(meanOf(node.name), varianceOf(node.name));
    return spellOut(node, shapes.get(inputOf(node, 0)) ?? [], constants);
  });
  return { ...network, nodes, constants, outputs };
}

/** (x - mean) / sqrt(variance + epsilon) * scale + shift, one node a step. */
function spellOut(node: Node, shapeOfX: Shape, constants: Map<string, Tensor>): Node[] {
  const [x, scale, shift] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const axes = [...shapeOfX.keys()].filter((axis) => axis !== 1);
  const own = (part: string) => `${node.name}/${part}`;
  /** [c] as [c, 1, 1], so that it is broadcast along the channels. */
  const perChannel = (vector: string, part: string) =>
    namedNode('Reshape', [vector], own(part), {
      shape: [shapeOfX[1] ?? 1, ...shapeOfX.slice(2).map(() => 1)],
    });
  constants.set(own('epsilon'), floatTensor([], [Number(node.attributes.epsilon)]));
  const average = { axes, keepdims: 1 };
  return [
    namedNode('ReduceMean', [x], meanOf(node.name), average),
    namedNode('Sub', [x, meanOf(node.name)], own('centred')),
    namedNode('Mul', [own('centred'), own('centred')], own('squared')),
    namedNode('ReduceMean', [own('squared')], varianceOf(node.name), average),
    namedNode('Add', [varianceOf(node.name), own('epsilon')], own('stable')),
    namedNode('Sqrt', [own('stable')], own('deviation')),
    namedNode('Div', [own('centred'), own('deviation')], own('normalised')),
    perChannel(scale, 'scale'),
    perChannel(shift, 'shift'),
    namedNode('Mul', [own('normalised'), own('scale')], own('scaled')),
    namedNode('Add', [own('scaled'), own('shift')], outputOf(node)),
  ];
}
