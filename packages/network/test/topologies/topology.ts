import type { ChannelGroup, Network } from '../../src/index.ts';

/** A small network with one thing to show, and the channel groups that it should have. */
export interface Topology {
  readonly name: string;
  readonly network: () => Network;
  readonly groups: readonly ExpectedGroup[];
}

export type ExpectedGroup = Omit<ChannelGroup, 'firstUnit' | 'inexact'>;

interface Expectation {
  /** Default: the group's id alone. */
  readonly producers?: readonly string[];
  /** Default: none. */
  readonly consumers?: readonly string[];
  /** Why it is not prunable. Default: it is. */
  readonly reason?: string;
  readonly channelsPerUnit?: number;
}

export function group(id: string, width: number, expected: Expectation = {}): ExpectedGroup {
  const { producers = [id], consumers = [], reason, channelsPerUnit = 1 } = expected;
  const prunable = reason === undefined;
  return { id, width, channelsPerUnit, prunable, ...(prunable ? {} : { reason }), producers, consumers };
}

/** The last layer of most topologies. */
export function output(id: string, width: number, producers: readonly string[] = [id]): ExpectedGroup {
  return group(id, width, { producers, reason: 'its channels are outputs of the network' });
}
