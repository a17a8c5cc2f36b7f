import type { Network, NetworkInput, Node } from './network.ts';
import { inferShapes, PROBE_BATCH } from './shapes.ts';
import type { DataType, Shape } from './tensor.ts';
import { valueTypes } from './types.ts';

/** Which values a walk back from `outputs` stops at, and the nodes it passes, in topological order. */
export interface Ancestry {
  readonly nodes: readonly Node[];
  /** The values of `available` that are read. */
  readonly inputs: readonly string[];
}

/** The nodes that compute `outputs` from values in `available`. Throws where something else is needed. */
export function ancestry(
  network: Network,
  available: ReadonlySet<string>,
  outputs: readonly string[],
): Ancestry {
  const needed = new Set(outputs.filter((value) => !available.has(value)));
  const inputs = new Set(outputs.filter((value) => available.has(value)));
  const nodes: Node[] = [];
  for (const node of [...network.nodes].reverse()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    nodes.push(node);
    for (const value of node.outputs) needed.delete(value);
    for (const value of node.inputs) {
      if (network.constants.has(value)) continue;
      if (available.has(value)) inputs.add(value);
      else needed.add(value);
    }
  }
  if (needed.size > 0) throw new Error(`"${[...needed][0]}" is neither available nor computed by a node`);
  return { nodes: nodes.reverse(), inputs: [...inputs] };
}

/** The nodes that some values depend on, in the order that they have. */
export function reachable<N extends Pick<Node, 'inputs' | 'outputs'>>(
  nodes: readonly N[],
  values: Iterable<string>,
): N[] {
  const needed = new Set(values);
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((value) => needed.has(value))) return false;
    for (const value of inputs) needed.add(value);
    return true;
  });
  return kept.reverse();
}

/** The part of a network that computes `outputs` from `inputs`: a network itself. */
export function subnetwork(network: Network, inputs: readonly string[], outputs: readonly string[]): Network {
  const { nodes } = ancestry(network, new Set(inputs), outputs);
  return fromNodes(network, nodes, inputs, outputs);
}

/** A network of some of another's nodes, with the constants that they read. */
export function fromNodes(
  network: Network,
  nodes: readonly Node[],
  inputs: readonly string[],
  outputs: readonly string[],
): Network {
  const shapes = inferShapes(network, PROBE_BATCH);
  const types = valueTypes(network);
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return {
    ...network,
    nodes,
    outputs,
    inputs: inputs.map((name) => inputLike(name, shapes.get(name) ?? [], types.get(name))),
    constants: new Map([...network.constants].filter(([name]) => read.has(name))),
  };
}

/** An axis that is a multiple of the probe batch follows the batch. */
function inputLike(name: string, shape: Shape, type: DataType | undefined): NetworkInput {
  const follows = shape.map((extent) => (extent > 0 && extent % PROBE_BATCH === 0 ? -1 : extent));
  return { name, shape: follows, ...(type && { type }) };
}
