import { measure } from '@espalier/engines';
import { cutNetwork, networkCost } from '@espalier/network';
import { noPrunableGroup } from '../analysis.ts';
import { keptOfEach } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';
import type { RankedCriterion, SweepRequest } from './request.ts';

/**
 * Prunes every group at the largest ratio before the sweep starts, by itself and all together, so that a
 * model that cannot be pruned fails in seconds. A cut that changes nothing would make its group look
 * robust: the cost of every cut network has to be what the cost model says.
 */
export async function precheck(
  { network, map, grid, engine }: Pick<SweepRequest, 'network' | 'map' | 'grid' | 'engine'>,
  { rankings, cost }: RankedCriterion,
): Promise<void> {
  if (rankings.length === 0) throw noPrunableGroup(network, map);
  const largest = Math.max(...grid);
  const widths = rankings.map(({ group }) => group.width);
  const narrowed = widths.map((width) => width - unitsRemoved(largest, width));
  rankings.forEach(({ group }, g) => {
    compareCost(group.id, widths.with(g, narrowed[g] ?? 1));
  });
  const smallest = compareCost('all groups', narrowed);

  // The engine takes it: one run is enough to know.
  await measure([{ network: smallest, engine }], { repeats: 1, warmup: 0 });

  function compareCost(what: string, kept: readonly number[]) {
    const cut = cutNetwork(network, map, keptOfEach(rankings, kept)).network;
    const [actual, expected] = [networkCost(cut), cost.cost(kept)];
    if (actual.macs !== expected.macs || actual.params !== expected.params) {
      throw new Error(
        `cutting ${what} gives ${actual.macs} MACs and ${actual.params} params, the formula says ${expected.macs} and ${expected.params}`,
      );
    }
    return cut;
  }
}
