// Whether a worker that evaluated an imported network again found what was told of it.

import { BRIDGED_WITHIN, ROUNDING } from './evaluator.ts';

/** What the rule asks of a result; null or left out where no worker evaluated it again. */
export interface Recomputed {
  /** What a worker found, minus what was told. */
  readonly recomputedDifference?: number | null | undefined;
  /** Of that, where other images were evaluated than told of. */
  readonly recomputedError?: number | null | undefined;
}

/** What chance makes of drawn images is within so many of its standard errors. */
const BY_CHANCE = 2;

/** False where the difference is more than two programs and chance make; null if that cannot be told. */
export function recomputedAgrees({ recomputedDifference, recomputedError }: Recomputed): boolean | null {
  if (recomputedDifference == null || recomputedError == null) return null;
  return Math.abs(recomputedDifference) <= BRIDGED_WITHIN + BY_CHANCE * recomputedError + ROUNDING;
}
