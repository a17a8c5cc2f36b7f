import {
  inferShapes,
  type Network,
  type Node,
  named,
  PROBE_BATCH,
  valueTypes,
  weightUse,
} from '@espalier/network';
import { fileError } from './refusals.ts';

/** They decide also where what they compute is a float. */
const DECISIONS = new Set(['ArgMax', 'ArgMin', 'Hardmax', 'NonMaxSuppression', 'TopK']);

/**
 * A network that ends in decisions (ArgMax, TopK, NonMaxSuppression, whole numbers, as many boxes as there are) ends in
 * front of them: in what they use. They and what follows become its tail. What a layer with weights depends on stays.
 */
export function cutOffTail(network: Network): Network {
  if (!network.nodes.some(decides)) return network;
  const tail = tailOf(network);
  if (tail.size === 0) return network;
  const nodes = network.nodes.filter((node) => tail.has(node));
  const types = valueTypes(network);
  const body = network.nodes.filter((node) => !tail.has(node));
  const judgeable = new Set(body.flatMap(({ outputs }) => outputs.filter((value) => !types.has(value))));
  const behind = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  const outputs = new Set(network.outputs.flatMap((value) => judgedBy(value, behind, judgeable)));
  if (outputs.size === 0) {
    throw fileError(
      `${named(nodes[0] as Node)} and what follows decide by nothing that the network computes`,
    );
  }
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = new Map([...network.constants].filter(([name]) => read.has(name)));
  return {
    ...network,
    nodes: body,
    outputs: [...outputs],
    tail: { nodes, constants, outputs: network.outputs },
  };
}

function tailOf(network: Network): Set<Node> {
  const shapes = inferShapes(network, PROBE_BATCH);
  const isLayer = (node: Node) => weightUse(network, node, (value) => shapes.get(value) ?? []) !== undefined;
  /** Values that a layer depends on. */
  const needed = new Set<string>();
  for (const node of network.nodes.toReversed()) {
    if (!isLayer(node) && !node.outputs.some((value) => needed.has(value))) continue;
    for (const value of node.inputs) needed.add(value);
  }
  const tail = new Set<Node>();
  const decided = new Set<string>();
  for (const node of network.nodes) {
    const follows = node.inputs.some((value) => decided.has(value));
    if (isLayer(node) || node.outputs.some((value) => needed.has(value))) continue;
    if (!follows && !decides(node)) continue;
    tail.add(node);
    for (const value of node.outputs) decided.add(value);
  }
  return tail;
}

function decides({ opaque }: Node): boolean {
  if (!opaque) return false;
  const { op, domain, results } = opaque;
  if (domain === '' && DECISIONS.has(op)) return true;
  return results.some(({ type, shape }) => type !== 'float32' || shape === null || shape.includes(0));
}

/** What is before the tail where an output comes out of it. */
function judgedBy(
  output: string,
  behind: ReadonlyMap<string, Node>,
  judgeable: ReadonlySet<string>,
): string[] {
  const [values, seen, found] = [[output], new Set<Node>(), new Set<string>()];
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    const node = behind.get(value);
    if (!node && judgeable.has(value)) found.add(value);
    if (!node || seen.has(node)) continue;
    seen.add(node);
    values.push(...node.inputs.toReversed());
  }
  return [...found];
}
