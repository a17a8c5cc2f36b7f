import { InputError } from '@espalier/errors';
import type { AllocationProblem, DropSample } from './problem.ts';

/**
 * Predicted drop of each group for every number of removed units: samples interpolated over the share
 * really removed, through (0, 0). Beyond the last sample nothing is known: infinite.
 *
 * @param damageOf what of a sample counts, none falling as more is removed; the drop if it is left out
 */
export function predictedDamage(
  problem: Pick<AllocationProblem, 'rankings' | 'samples'>,
  allocation: string,
  damageOf = ({ drop }: DropSample) => drop,
): Float64Array[] {
  const samples = samplesOf(problem, allocation);
  return problem.rankings.map(({ group }, g) => {
    const row = samples[g] ?? [];
    return interpolate(
      row.map((sample) => ({ removed: sample.removed, drop: damageOf(sample) })),
      group.width,
    );
  });
}

/** By group the widths that something is known of, descending. */
export function sampledWidths(
  { ladders }: Pick<AllocationProblem, 'ladders'>,
  damage: readonly Float64Array[],
): number[][] {
  return ladders.map((ladder, g) => {
    const [whole = 1] = ladder;
    return ladder.filter((width) => Number.isFinite(damage[g]?.[whole - width]));
  });
}

/** @throws {InputError} if there are none */
export function samplesOf(
  { samples }: Pick<AllocationProblem, 'samples'>,
  allocation: string,
): readonly (readonly DropSample[])[] {
  if (!samples)
    throw new InputError(`allocation ${allocation} needs samples: give a data set or a sweep`, 'dataset');
  return samples;
}

function interpolate(samples: readonly Pick<DropSample, 'removed' | 'drop'>[], width: number): Float64Array {
  const damage = new Float64Array(width + 1).fill(Number.POSITIVE_INFINITY);
  damage[0] = 0;
  let from = { removed: 0, drop: 0 };
  for (const to of samples) {
    // Cells that remove as many units as the one before repeat its structure; the larger drop counts.
    if (to.removed === from.removed) {
      damage[to.removed] = to.removed === 0 ? 0 : Math.max(damage[to.removed] ?? 0, to.drop);
    }
    for (let removed = from.removed + 1; removed <= to.removed; removed++) {
      const share = (removed - from.removed) / (to.removed - from.removed);
      damage[removed] = from.drop + share * (to.drop - from.drop);
    }
    if (to.removed > 0) from = to;
  }
  return damage;
}
