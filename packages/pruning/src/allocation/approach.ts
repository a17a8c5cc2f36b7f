import { InputError } from '@espalier/errors';
import type { Structure } from './problem.ts';
import type { Target } from './target.ts';

/** How far what is measured may be off a target. */
export const NEAR = 0.05;
/** Searches after the first one. */
const CORRECTIONS = 2;

/**
 * Searches for a target whose cost is only predicted, and again, at most twice, where what was made misses it as
 * measured by more than 5 %: then the prediction is taken as wrong by as much everywhere.
 *
 * @param measured what is left as measured, of what should be left: 1.1 is 10 % too much; null if nothing tells
 * @returns the attempt that is nearest to the target, as far as that was measured
 * @throws {InputError} for a target out of reach
 */
export async function approach<Attempt>(
  target: Target,
  search: (aim: Target) => { readonly made: Attempt; readonly achieved: Structure['achieved'] },
  measured?: (made: Attempt) => Promise<number | null>,
): Promise<Attempt> {
  let { made, achieved } = search(target);
  let nearest = { made, miss: Number.POSITIVE_INFINITY };
  for (let correction = 0; measured; correction++) {
    const ratio = await measured(made);
    if (ratio === null) break;
    const miss = Math.abs(ratio - 1);
    if (miss < nearest.miss) nearest = { made, miss };
    if (miss <= NEAR || correction === CORRECTIONS) break;
    const share = 1 - (1 - (achieved[target.metric] ?? 0)) / ratio;
    const next =
      share > 0 && share < 1 ? reachable(() => search({ metric: target.metric, share })) : undefined;
    if (!next) break;
    ({ made, achieved } = next);
  }
  return nearest.made;
}

function reachable<T>(search: () => T): T | undefined {
  try {
    return search();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
