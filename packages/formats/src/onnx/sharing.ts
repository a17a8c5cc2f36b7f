import { channelMap, type Network, type Node, type Tensor } from '@espalier/network';

/** A node that reads a constant under this name, as its `index`-th input. */
interface Use {
  readonly node: Node;
  readonly index: number;
  readonly name: string;
}

/**
 * Decides which nodes that read the same numbers share a parameter. In a network a tensor that several nodes read is
 * one parameter: its uses are cut alike and trained as one. In a file it, or a copy of it, may also be a tensor that an
 * exporter merged with others of equal values, such as the biases of all layers that began at 0; the file does not say
 * which. The rule ([ADR 20](../../../../docs/adr/0020-what-makes-two-uses-one-parameter.md)):
 *
 * - A weight, a scale, a slope or a BatchNorm's statistics is one parameter whoever reads it: so many equal numbers are
 *   no accident. Unless all of its filters are alike (zeros, ones, a blur), which says nothing.
 * - Such a one, a bias, a shift and an operand of arithmetic go with their layer: one parameter where that is called
 *   again, and else a tensor for each layer. (Shifts of layers that are added up stay equal all through training.)
 * - What lies along no channels of a layer (a mask over pixels, a single number) ties nothing, and stays as it is.
 *
 * Copies are recognised by the memory that they share.
 */
export function shareParameters(network: Network, newName: (stem: string) => string): Network {
  const shared = usesByTensor(network);
  if (shared.length === 0) return network;
  const layers = new Layers(network);
  const tensors = shared.map((uses) => grouped(uses, (use) => layers.of(use)));
  const tying = tensors.some(({ length }) => length > 1) ? channelMap(network).axes : new Map();
  const inputs = new Map(network.nodes.map((node) => [node, [...node.inputs]]));
  const constants = new Map(network.constants);
  for (const apart of tensors) {
    const tiesNothing = apart.flat().every(({ name }) => !tying.get(name)?.some(Boolean));
    if (apart.length > 1 && tiesNothing) continue;
    const taken = new Set<string>();
    for (const uses of apart) {
      const given = uses.map(({ name }) => name);
      const name = given.find((each) => !taken.has(each)) ?? newName(given[0] ?? '');
      taken.add(name);
      constants.set(name, network.constants.get(given[0] ?? '') as Tensor);
      for (const { node, index } of uses) inputs.get(node)?.splice(index, 1, name);
    }
  }
  const nodes = network.nodes.map((node) => ({ ...node, inputs: inputs.get(node) ?? node.inputs }));
  return { ...network, nodes, constants };
}

/** The uses of each tensor of several numbers that has several. */
function usesByTensor({ nodes, constants }: Network): Use[][] {
  const uses = new Map<Tensor['data'], Map<string, Use[]>>();
  for (const node of nodes) {
    node.inputs.forEach((name, index) => {
      const tensor = constants.get(name);
      if (!tensor || tensor.data.length < 2) return;
      const shapes = uses.get(tensor.data) ?? new Map<string, Use[]>();
      uses.set(tensor.data, shapes);
      push(shapes, `${tensor.dims}`, { node, index, name });
    });
  }
  return [...uses.values()].flatMap((shapes) => [...shapes.values()]).filter(({ length }) => length > 1);
}

function grouped(uses: readonly Use[], key: (use: Use) => string): Use[][] {
  const groups = new Map<string, Use[]>();
  for (const use of uses) push(groups, key(use), use);
  return [...groups.values()];
}

function push(groups: Map<string, Use[]>, key: string, use: Use): void {
  const group = groups.get(key);
  if (group) group.push(use);
  else groups.set(key, [use]);
}

/** The inputs of modules that are theirs alone; a bias or shift, the rest, goes with them. */
const PARAMETERS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 3, 4],
  Conv: [1],
  ConvTranspose: [1],
  Gemm: [1],
  GroupNormalization: [1],
  InstanceNormalization: [1],
  LayerNormalization: [1],
  MatMul: [0, 1],
  PRelu: [1],
};
/** They make channels of their own. */
const LAYERS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** Which layer a node is, or goes with: equal names for a layer and for what follows it, whenever it is called. */
class Layers {
  private readonly network: Network;
  private readonly ofNode = new Map<Node, string>();
  private readonly numbers = new Map<Tensor['data'], number>();
  private readonly unlike = new Map<Tensor['data'], boolean>();

  constructor(network: Network) {
    this.network = network;
    const ofValue = new Map<string, string>();
    // Names in short, as each contains those of all before it.
    const short = new Map<string, string>();
    for (const node of network.nodes) {
      const before = node.inputs.find((value) => !network.constants.has(value)) ?? '';
      const layer =
        this.own(node) ?? `${node.op} ${JSON.stringify(node.attributes)} ${ofValue.get(before) ?? ''}`;
      short.set(layer, short.get(layer) ?? String(short.size));
      const name = short.get(layer) ?? '';
      this.ofNode.set(node, name);
      node.outputs.forEach((value, i) => {
        ofValue.set(value, `${name}.${i}`);
      });
    }
  }

  of({ node, index }: Use): string {
    return this.isParameter(node, index) ? '' : (this.ofNode.get(node) ?? '');
  }

  /** Undefined for a node that goes with what it reads. */
  private own(node: Node): string | undefined {
    const parameters = node.inputs.flatMap((name, index) =>
      this.isParameter(node, index) ? this.tensorNumber(name) : [],
    );
    if (parameters.length > 0) return `layer ${parameters}`;
    const filters = this.network.constants.get(node.inputs[1] ?? '')?.dims;
    const depthwise = Number(node.attributes.group ?? 1) > 1 && filters?.[1] === 1;
    return LAYERS.has(node.op) && !depthwise ? `node ${node.name}` : undefined;
  }

  private tensorNumber(name: string): number {
    const data = this.network.constants.get(name)?.data ?? new Float32Array();
    const number = this.numbers.get(data) ?? this.numbers.size;
    this.numbers.set(data, number);
    return number;
  }

  private isParameter({ op, inputs }: Node, index: number): boolean {
    const tensor = this.network.constants.get(inputs[index] ?? '');
    if (!tensor || !PARAMETERS[op]?.includes(index)) return false;
    const unlike = this.unlike.get(tensor.data) ?? !isAlike(tensor);
    this.unlike.set(tensor.data, unlike);
    return unlike;
  }
}

/** Whether every filter (an entry of the first axis, or every number if there is one) is like the first. */
function isAlike({ dims: [count = 1], data }: Tensor): boolean {
  const size = count > 1 ? data.length / count : 1;
  return data.every((value, i) => value === data[i % size]);
}
