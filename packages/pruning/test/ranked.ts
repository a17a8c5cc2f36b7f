import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { costModel, type DeviceTimes, findCriterion, rank } from '../src/index.ts';

/** A network analysed the way every command does it. */
export function ranked(network: Network, criterionName = 'l1', seed = 0, profile?: DeviceTimes) {
  const map = channelMap(network);
  const criterion = findCriterion(criterionName);
  const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed }));
  return { network, map, criterion, rankings, cost: costModel(network, map, rankings, profile) };
}
