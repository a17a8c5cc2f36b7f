import { outputRoles } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import {
  type ChannelMap,
  type Cost,
  channelMap,
  type Network,
  prunableGroups,
  withoutRule,
} from '@espalier/network';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { allocationProblem, costModel, findCriterion, largestSaving, rank } from '@espalier/pruning';
import type { ModelSummary } from '@espalier/runs';
import { layersOf } from './layers.ts';

/** What is known of a network without running it: input, layers with their cost, channel groups, the reach of targets. */
export function summaryOf(network: Network): ModelSummary {
  const [input] = network.inputs;
  const map = channelMap(network);
  const groups = map.groups.map(({ id, width, reason, inexact, producers, consumers }) => ({
    ...{ id, width, reason: reason ?? null, inexact, producers, consumers },
  }));
  return {
    name: network.name,
    input: input?.shape ?? [],
    inputName: input?.name ?? '',
    inputType: input?.type ?? 'float32',
    operations: network.nodes.length,
    classes: network.metadata?.classes ?? [],
    outputs: outputsOf(network),
    groups,
    layers: layersOf(network),
    withoutRule: withoutRule(network),
    reachable: reachOf(network, map),
  };
}

/** One without a row for each image tells nothing that runs could use; they are refused when they are started. */
function outputsOf(network: Network): ModelSummary['outputs'] {
  try {
    return outputRoles(network).map(({ name, tellsClasses, distribution, isEmbedding }) => {
      return { name, tellsClasses, tellsProbabilities: distribution !== null, isEmbedding };
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const nothing = { tellsClasses: false, tellsProbabilities: false, isEmbedding: false };
    return network.outputs.map((name) => ({ name, ...nothing }));
  }
}

/** The largest shares that can be removed within the default limits of widths; 0 where no group can be pruned. */
function reachOf(network: Network, map: ChannelMap): Record<keyof Cost, number> {
  const groups = prunableGroups(map);
  if (groups.length === 0) return { macs: 0, params: 0 };
  // How much goes depends on widths; which units go does not matter much, and l1 can score every group.
  const rankings = groups.map((group) => rank(findCriterion('l1'), group, { network, map, seed: 0 }));
  const cost = costModel(network, map, rankings);
  const within = { network, map, rankings, cost, criterion: 'l1', limits: USUAL_LIMITS };
  const reach = (metric: keyof Cost) =>
    largestSaving(allocationProblem({ ...within, target: { metric, share: 0 } }));
  return { macs: reach('macs'), params: reach('params') };
}
