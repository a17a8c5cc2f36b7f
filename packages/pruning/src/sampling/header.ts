import { DECODING_VERSION } from '@espalier/datasets';
import { TOP1 } from '@espalier/engines';
import { type Cost, networkHash } from '@espalier/network';
import { unitsRemoved } from '../grid.ts';
import type { RankedCriterion, SweepRequest } from './request.ts';
import { metricFacts, type SweepHeader } from './run.ts';

/** What a sweep is of, for one of its criteria: all that is known before anything is measured. */
export function sweepHeader(
  request: SweepRequest,
  { criterion, rankings, cost }: RankedCriterion,
): SweepHeader {
  const { network, dataset, seed, skip = 0, samples, allowInexact, engine, grid } = request;
  const { metric = TOP1, weights = {} } = request;
  const removed = rankings.map(({ group }) => grid.map((ratio) => unitsRemoved(ratio, group.width)));
  const savingOf = (metric: keyof Cost) =>
    removed.map((row, g) =>
      row.map((units) => {
        const widths = rankings.map(({ group }, i) => (i === g ? group.width - units : group.width));
        return 1 - cost.cost(widths)[metric] / cost.base[metric];
      }),
    );
  return {
    network: { name: network.name, hash: networkHash(network) },
    dataset: { name: dataset.name, hash: dataset.hash, split: 'search', decoding: DECODING_VERSION },
    criterion: criterion.name,
    seed,
    skip,
    samples,
    allowInexact,
    engine: engine.name,
    metric: metricFacts(metric),
    ...(metric.by === 'outputs'
      ? { outputs: [...network.outputs], weights: { ...weights } }
      : { outputs: [], weights: {} }),
    batchNorm: 'as-given',
    grid: [...grid],
    groups: rankings.map(({ group: { id, width } }) => ({ id, width })),
    ...(criterion.evidence ? { order: rankings.map(({ order }) => [...order]) } : {}),
    removed,
    saving: { macs: savingOf('macs'), params: savingOf('params') },
  };
}
