import type { ChannelAxis, ChannelGroup, ChannelMap, Network, Node } from '@espalier/network';
import type { Ranking } from '../../criteria/index.ts';

/** A ranked group in its network, and what pruning it changes there. */
export interface Site {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly ranking: Ranking;
  readonly region: Region;
}

/** What pruning one group changes: everything after its consumers' inputs, and nothing else. */
export interface Region {
  /** The consumers of the group's units, with the value and the axis that they read them from. */
  readonly consumers: readonly ChannelAxis[];
  /** Nodes that compute something else when units are removed, in topological order. */
  readonly affected: readonly Node[];
  /** Unchanged values that affected nodes read: what has to be kept of the unpruned pass. */
  readonly boundary: readonly string[];
  /** Index of the first affected node in the network. */
  readonly position: number;
}

export function affectedRegion(network: Network, map: ChannelMap, group: ChannelGroup): Region {
  const consumers = map.consumers.filter(({ labels }) => labels.some((unit) => belongsTo(group, unit)));
  const names = new Set(consumers.map(({ node }) => node));
  const changed = new Set<string>();
  const affected: Node[] = [];
  let position = network.nodes.length;
  network.nodes.forEach((node, index) => {
    if (!names.has(node.name) && !node.inputs.some((value) => changed.has(value))) return;
    position = Math.min(position, index);
    affected.push(node);
    for (const value of node.outputs) changed.add(value);
  });
  const read = affected.flatMap(({ inputs }) => inputs);
  const boundary = [...new Set(read)].filter((value) => !changed.has(value) && !network.constants.has(value));
  return { consumers, affected, boundary, position };
}

export function belongsTo(group: ChannelGroup, unit: number): boolean {
  return unit >= group.firstUnit && unit < group.firstUnit + group.width;
}
