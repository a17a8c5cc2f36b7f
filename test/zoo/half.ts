import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { costModel, findCriterion, prune, rank } from '@espalier/pruning';

/** Half of the multiply-accumulates, the same ratio for every group, units by their l1 norm. */
export function half(network: Network) {
  const map = channelMap(network);
  const criterion = findCriterion('l1');
  const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0 }));
  const cost = costModel(network, map, rankings);
  const pruned = prune({
    network,
    map,
    rankings,
    cost,
    criterion: criterion.name,
    allocation: 'uniform',
    target: { metric: 'macs', share: 0.5 },
    limits: {},
  });
  return { map, pruned };
}
