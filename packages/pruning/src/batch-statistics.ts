import {
  type FloatTensor,
  floatTensor,
  inferShapes,
  inputOf,
  type Network,
  type Node,
  outputOf,
  type Tensor,
} from '@espalier/network';

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
    return spellOut(node, shapes.get(inputOf(node, 0))?.length ?? 4, constants);
  });
  return { ...network, nodes, constants, outputs };
}

/** (x - mean) / sqrt(variance + epsilon) * scale + shift, one node a step. */
function spellOut(node: Node, rank: number, constants: Map<string, Tensor>): Node[] {
  const [x, scale, shift] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  const own = (part: string) => `${node.name}/${part}`;
  const step = (op: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): Node => ({
    name: output,
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  /** [c] as [c, 1, 1], so that it is broadcast along the channels. */
  const perChannel = (constant: string) => {
    const tensor = constants.get(constant) as FloatTensor;
    const name = own(`${constant}/per-channel`);
    constants.set(name, {
      dims: [...tensor.dims, ...Array.from({ length: rank - 2 }, () => 1)],
      data: tensor.data,
    });
    return name;
  };
  constants.set(own('epsilon'), floatTensor([], [Number(node.attributes.epsilon)]));
  const average = { axes, keepdims: 1 };
  return [
    step('ReduceMean', [x], meanOf(node.name), average),
    step('Sub', [x, meanOf(node.name)], own('centred')),
    step('Mul', [own('centred'), own('centred')], own('squared')),
    step('ReduceMean', [own('squared')], varianceOf(node.name), average),
    step('Add', [varianceOf(node.name), own('epsilon')], own('stable')),
    step('Sqrt', [own('stable')], own('deviation')),
    step('Div', [own('centred'), own('deviation')], own('normalised')),
    step('Mul', [own('normalised'), perChannel(scale)], own('scaled')),
    step('Add', [own('scaled'), perChannel(shift)], outputOf(node)),
  ];
}
