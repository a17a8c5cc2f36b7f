import { prepared } from './allocation.ts';
import { samplesOf } from './damage.ts';
import { smallest } from './search.ts';

/**
 * Each group gives the largest ratio of the grid whose drop is at most a fixed loss; the smallest loss that meets the
 * target is found by bisection. The per-layer sensitivity analysis of Li, Kadav, Durdanovic, Samet, Graf, "Pruning
 * filters for efficient ConvNets", ICLR 2017, with one loss for all layers: unlike CIE it takes the grid as it is, and
 * gives nothing back.
 */
export const sensitivity = prepared(
  {
    name: 'sensitivity',
    description: 'every group loses the largest ratio of the grid whose drop is within one limit',
    sampling: 'shared',
  },
  (problem) => {
    const samples = samplesOf(problem, 'sensitivity');
    const candidates = samples.flatMap((row) => row.map(({ drop }) => drop));
    return smallest(
      problem,
      candidates,
      (loss, _, g) => samples[g]?.findLast(({ drop }) => drop <= loss)?.removed ?? 0,
    );
  },
);
