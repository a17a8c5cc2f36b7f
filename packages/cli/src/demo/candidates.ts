import type { Network } from '@espalier/network';
import { type Pruned, prune, type SamplingRun } from '@espalier/pruning';
import { analyse } from '../stages/analysis.ts';
import { CRITERION, SHARES, STRATEGIES, type Strategy } from './settings.ts';

/** One strategy's answer to one target. */
export interface Candidate {
  readonly strategy: Strategy;
  /** Share of the MACs asked for. */
  readonly share: number;
  readonly pruned: Pruned;
}

/** Searches and cuts every strategy's structure for every target. */
export function candidates(network: Network, sweep: SamplingRun, seed: number): Candidate[] {
  const analyses = new Map(
    [...new Set(STRATEGIES.map(({ criterion }) => criterion))].map((criterion) => [
      criterion,
      analyse(network, { criterion, seed }),
    ]),
  );
  return SHARES.flatMap((share) =>
    STRATEGIES.map((strategy) => {
      const analysis = analyses.get(strategy.criterion) ?? analyse(network, { ...strategy, seed });
      const pruned = prune({
        network,
        ...analysis,
        allocation: strategy.allocation,
        target: { metric: 'macs', share },
        limits: {},
        ...(strategy.criterion === CRITERION ? { sweep } : {}),
      });
      return { strategy, share, pruned };
    }),
  );
}
