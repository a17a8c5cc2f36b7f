import { type ChannelMap, channelMap, InputError, type Network, prunableGroups } from '@espalier/network';
import { type CostModel, costModel, findCriterion, type Ranking, rank } from '@espalier/pruning';

/** What is known of a network before any image is looked at. */
export interface Analysis {
  readonly map: ChannelMap;
  readonly allowInexact: boolean;
  readonly criterion: string;
  /** Prunable groups in topological order. */
  readonly rankings: readonly Ranking[];
  readonly cost: CostModel;
}

export interface AnalysisOptions {
  readonly criterion: string;
  readonly seed: number;
  readonly allowInexact?: boolean;
}

/** Finds the channel groups, ranks their units and sets up the cost formula. */
export function analyse(network: Network, options: AnalysisOptions): Analysis {
  const { criterion: name, seed, allowInexact = false } = options;
  const criterion = findCriterion(name);
  const map = channelMap(network, { allowInexact });
  const groups = prunableGroups(map);
  if (groups.length === 0) {
    throw new InputError(
      `network "${network.name}" has no prunable group; espalier inspect shows the reasons`,
    );
  }
  const rankings = groups.map((group) => rank(criterion, group, { network, map, seed }));
  return { map, allowInexact, criterion: criterion.name, rankings, cost: costModel(network, map, rankings) };
}
