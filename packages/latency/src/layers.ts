import {
  inferShapes,
  isElementwise,
  type Network,
  type Node,
  outputOf,
  type Shape,
  weightUse,
} from '@espalier/network';

/** What is timed as one: a convolution or dense layer with the element-wise operations after it, or another node. */
export interface TimedLayer {
  /** Name of its first node. */
  readonly name: string;
  /** Layers of one kind differ in their channels only: everything else that decides their time, as text. */
  readonly kind: string;
  /** The operations after it that read another whole value, as the sum of a residual block; mostly none. */
  readonly joins: string;
  /** Channels that each output is summed over; 1 for depthwise convolutions and for what sums over none. */
  readonly inputs: number;
  /** Channels that it computes. */
  readonly outputs: number;
  /** Where these lie; null for inputs that are 1 whatever is pruned. */
  readonly reads: ChannelsOf | null;
  readonly writes: ChannelsOf;
}

/** The channels along an axis of a value. */
export interface ChannelsOf {
  readonly value: string;
  readonly axis: number;
  /** The share of them that counts: one conv-group's. */
  readonly share: number;
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
  const layers: Omit<TimedLayer, 'joins'>[] = [];
  const joined = new Map<string, string[]>();
  for (const node of network.nodes) {
    // Runtimes compute it with the layer that it follows, and where they do not its time follows that one's channels.
    const values = node.inputs.filter((value) => !network.constants.has(value));
    const before = isElementwise(node.op)
      ? values.map((value) => makerOf.get(value)).find(Boolean)
      : undefined;
    const layer = before && layerOf.get(before);
    layerOf.set(node.name, layer ?? node.name);
    if (!layer) layers.push(layerFrom(network, node, shapeOf));
    else if (values.length > 1) joined.set(layer, [...(joined.get(layer) ?? []), node.op]);
  }
  const withJoins = layers.map((layer) => ({ ...layer, joins: joined.get(layer.name)?.join(' ') ?? '' }));
  return { layers: withJoins, layerOf };
}

function layerFrom(
  network: Network,
  node: Node,
  shapeOf: (value: string) => Shape,
): Omit<TimedLayer, 'joins'> {
  const read = node.inputs.find((value) => !network.constants.has(value)) ?? '';
  const [input, output] = [shapeOf(read), shapeOf(outputOf(node))];
  const weight = weightUse(network, node, shapeOf);
  // The rows of a matrix product are all axes but the last.
  const axisOf = (shape: Shape) => (node.op === 'MatMul' ? shape.length - 1 : 1);
  const channels = (shape: Shape) => shape[axisOf(shape)] ?? 1;
  const rest = (shape: Shape) => shape.filter((_, axis) => axis !== 0 && axis !== axisOf(shape)).join('x');
  const groups = Number(node.attributes.group ?? 1);
  const depthwise = groups > 1 && groups === channels(input);
  const grouping = depthwise ? 'depthwise ' : groups > 1 ? 'grouped ' : '';
  const window = weight && node.op.startsWith('Conv') ? `${windowOf(shapeOf(weight.tensor), node)} ` : '';
  const summed = weight !== undefined && !depthwise;
  return {
    name: node.name,
    kind: `${node.op} ${window}${grouping}${rest(input)} to ${rest(output)}`,
    inputs: summed ? channels(input) / groups : 1,
    outputs: channels(output),
    reads: summed ? { value: read, axis: axisOf(input), share: 1 / groups } : null,
    writes: { value: outputOf(node), axis: axisOf(output), share: 1 },
  };
}

/** What a layer's time is found and looked up by. */
export function fullKind({ kind, joins }: Pick<TimedLayer, 'kind' | 'joins'>): string {
  return joins === '' ? kind : `${kind} with ${joins}`;
}

function windowOf(weight: Shape, { attributes: { strides, dilations } }: Node): string {
  const list = (value: unknown) => (Array.isArray(value) ? value.join('x') : '1');
  return `${weight.slice(2).join('x')}/${list(strides)}${/[2-9]/.test(list(dilations)) ? ` dilated ${list(dilations)}` : ''}`;
}
