import {
  type ChannelGroup,
  channelMap,
  inferShapes,
  layerCosts,
  type Network,
  networkCost,
  storedBytes,
  type WithoutRule,
  withoutRule,
} from '@espalier/network';

/** What `espalier inspect --json` prints. */
export interface Inspection {
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  /** Of its tensors, as the file keeps them. */
  readonly bytes: number;
  /** [n, c, h, w] for one image. */
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly layers: ReturnType<typeof layerCosts>;
  readonly groups: readonly Pick<
    ChannelGroup,
    'id' | 'width' | 'channelsPerUnit' | 'prunable' | 'reason' | 'inexact' | 'producers' | 'consumers'
  >[];
  /** Operations that surgery has no rule for: what they read and compute stays as it is. */
  readonly withoutRule: readonly WithoutRule[];
  /** Nodes behind the outputs that are judged: what decides by them, and stays in what is written. */
  readonly tail: readonly { readonly name: string; readonly op: string }[];
  readonly preprocessing: Network['metadata'] | null;
}

/** @param allowInexact whether groups count that can only be pruned inexactly */
export function inspectionOf(network: Network, allowInexact: boolean): Inspection {
  const [input] = network.inputs;
  const map = channelMap(network, { allowInexact });
  const shape = inferShapes(network, 1).get(input?.name ?? '') ?? [];
  return {
    name: network.name,
    ...networkCost(network),
    bytes: storedBytes(network),
    input: { name: input?.name ?? '', shape },
    layers: layerCosts(network),
    groups: map.groups.map(({ firstUnit: _, ...group }) => group),
    withoutRule: withoutRule(network),
    tail: (network.tail?.nodes ?? []).map(({ name, op, opaque }) => ({ name, op: opaque?.op ?? op })),
    preprocessing: network.metadata ?? null,
  };
}
