import { networkHash } from '@espalier/network';
import { contributionMatrix, dropMatrix, monotoneDrop, pairedStandardError } from '../contribution.ts';
import { unitsRemoved } from '../grid.ts';
import { BASELINE } from './block.ts';
import { type CellScores, mean } from './cell.ts';
import { countFlips, packBits } from './packing.ts';
import type { SamplingRun } from './run.ts';
import type { SamplingRequest } from './sample.ts';

/** Builds the matrices of a sweep from its cells. */
export function summarise(
  request: SamplingRequest,
  cellAt: (row: number, removed: number) => CellScores,
): SamplingRun {
  const { network, dataset, criterion, seed, allowInexact, engine, grid, rankings, cost } = request;
  const base = cellAt(BASELINE, 0);
  const removed = rankings.map(({ group }) => grid.map((ratio) => unitsRemoved(ratio, group.width)));
  const cells = removed.map((row, g) => row.map((units) => (units === 0 ? base : cellAt(g, units))));
  const each = <T>(value: (cell: CellScores, g: number, k: number) => T): T[][] =>
    cells.map((row, g) => row.map((cell, k) => value(cell, g, k)));

  const accuracy = each(({ hit1 }) => mean(hit1));
  const drop = dropMatrix(mean(base.hit1), accuracy);
  const monotone = monotoneDrop(drop);
  const savingOf = (metric: 'macs' | 'params') =>
    removed.map((row, g) =>
      row.map((units) => {
        const widths = rankings.map(({ group }, i) => (i === g ? group.width - units : group.width));
        return 1 - cost.cost(widths)[metric] / cost.base[metric];
      }),
    );
  return {
    format: 'espalier-sweep',
    version: 1,
    network: { name: network.name, hash: networkHash(network) },
    dataset: { name: dataset.name, hash: dataset.hash, split: 'search' },
    criterion: criterion.name,
    seed,
    allowInexact,
    engine: engine.description,
    batchNorm: 'as-given',
    grid: [...grid],
    baseline: {
      top1: mean(base.hit1),
      top5: base.hit5 ? mean(base.hit5) : null,
      loss: mean(base.loss),
      n: base.hit1.length,
      hits: packBits(base.hit1),
    },
    groups: rankings.map(({ group: { id, width } }) => ({ id, width })),
    removed,
    origin: removed.map((row) => row.map((units) => (units === 0 ? 'repeats-baseline' : 'measured'))),
    accuracy,
    top5: base.hit5 ? each(({ hit5 }) => mean(hit5 ?? [])) : null,
    loss: each(({ loss }) => mean(loss)),
    drop,
    standardError: each(({ hit1 }) => {
      const { lost, gained } = countFlips(base.hit1, hit1);
      return pairedStandardError(lost, gained, hit1.length);
    }),
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    saving: { macs: savingOf('macs'), params: savingOf('params') },
    hits: each(({ hit1 }) => packBits(hit1)),
  };
}
