import type { Network } from '@espalier/network';
import { type Analysis, analyse, type Pruned, prune, type SamplingRun } from '@espalier/pruning';
import { CRITERION, SHARES, STRATEGIES, type Strategy } from './settings.ts';

/** One strategy's answer to one target. */
export interface Candidate {
  readonly strategy: Strategy;
  /** Share of the MACs asked for. */
  readonly share: number;
  readonly pruned: Pruned;
}

/** Searches and cuts every strategy's structure for every target. */
export async function candidates(network: Network, sweep: SamplingRun, seed: number): Promise<Candidate[]> {
  const analyses = new Map<string, Analysis>();
  for (const { criterion } of STRATEGIES) {
    if (!analyses.has(criterion)) analyses.set(criterion, await analyse(network, { criterion, seed }));
  }
  return SHARES.flatMap((share) =>
    STRATEGIES.map((strategy) => {
      const analysis = analyses.get(strategy.criterion);
      if (!analysis) throw new Error(`criterion ${strategy.criterion} was not analysed`);
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
