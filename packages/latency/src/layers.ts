import {
  inferShapes,
  isElementwise,
  type Network,
  type Node,
  outputOf,
  type Shape,
  weightUse,
} from '@espalier/network';

/** What is timed as one: a convolution or dense layer with the element-wise operations behind it, or another node. */
export interface TimedLayer {
  /** Name of its first node. */
  readonly name: string;
  /** Layers of one kind differ in their channels only: everything else that decides their time, as text. */
  readonly kind: string;
  /** Channels that it reads; those of a depthwise convolution are `outputs`, and 1 stands here. */
  readonly inputs: number;
  /** Channels that it computes. */
  readonly outputs: number;
}

export interface TimedLayers {
  readonly layers: readonly TimedLayer[];
  /** By name of a node the name of the layer that it belongs to. */
  readonly layerOf: ReadonlyMap<string, string>;
}

/** A network as layers that take time, in topological order. */
export function timedLayers(network: Network): TimedLayers {
  const shapes = inferShapes(network, 1);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const makerOf = new Map(network.nodes.flatMap((node) => node.outputs.map((value) => [value, node.name])));
  const layerOf = new Map<string, string>();
  const layers: TimedLayer[] = [];
  for (const node of network.nodes) {
    // Runtimes compute it with the layer that it follows, and where they do not its time follows that one's channels.
    const before = isElementwise(node.op)
      ? node.inputs.map((value) => makerOf.get(value)).find(Boolean)
      : undefined;
    const layer = before && layerOf.get(before);
    layerOf.set(node.name, layer ?? node.name);
    if (!layer) layers.push(layerFrom(network, node, shapeOf));
  }
  return { layers, layerOf };
}

function layerFrom(network: Network, node: Node, shapeOf: (value: string) => Shape): TimedLayer {
  const [input = []] = node.inputs.filter((value) => !network.constants.has(value)).map(shapeOf);
  const output = shapeOf(outputOf(node));
  const weight = weightUse(network, node, shapeOf);
  // The rows of a matrix product are all axes but the last.
  const channelAxis = node.op === 'MatMul' ? -1 : 1;
  const [inputs, outputs] = [input.at(channelAxis) ?? 1, output.at(channelAxis) ?? 1];
  const rest = (shape: Shape) =>
    shape.filter((_, axis) => axis !== 0 && axis !== channelAxis % shape.length).join('x');
  const groups = Number(node.attributes.group ?? 1);
  const depthwise = weight !== undefined && groups > 1 && groups === inputs;
  const grouping = depthwise ? 'depthwise' : groups > 1 ? `${groups} groups` : '';
  const window = weight && node.op.startsWith('Conv') ? `${windowOf(shapeOf(weight.tensor), node)} ` : '';
  const kind = `${node.op} ${window}${grouping && `${grouping} `}${rest(input)} to ${rest(output)}`;
  return { name: node.name, kind, inputs: depthwise || !weight ? 1 : inputs, outputs };
}

function windowOf(weight: Shape, { attributes: { strides, dilations } }: Node): string {
  const list = (value: unknown) => (Array.isArray(value) ? value.join('x') : '1');
  return `${weight.slice(2).join('x')}/${list(strides)}${/[2-9]/.test(list(dilations)) ? ` dilated ${list(dilations)}` : ''}`;
}
