import type { Network } from './network.ts';

/** What is run, judged and trained. */
export function withoutTail({ tail: _, ...network }: Network): Network {
  return network;
}

/** All that a file holds. */
export function withTail({ tail, ...network }: Network): Network {
  if (!tail) return network;
  return {
    ...network,
    nodes: [...network.nodes, ...tail.nodes],
    constants: new Map([...network.constants, ...tail.constants]),
    outputs: tail.outputs,
  };
}
