import { QUIET_WITHIN } from '@espalier/engines';
import type { StructureTimes } from './journal.ts';
import type { References } from './references.ts';

/** Structures that were measured while the machine was busy are measured again, so often in all. */
const ATTEMPTS = 3;
/** References take at most so many times what they took in the quietest turns, or something else runs. */
const SLOWED = 1.1;

/**
 * The first of some attempts that nothing disturbed, else the least disturbed one: nodes tell their time outside of the
 * turns, where nothing removes what else the machine did.
 *
 * @param earlier what was measured before
 */
export async function quietest(
  earlier: readonly References[],
  measureOnce: () => Promise<StructureTimes[]>,
): Promise<StructureTimes[]> {
  let best: { times: StructureTimes[]; disturbed: number } | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const times = await measureOnce();
    const disturbed = disturbance(times[0], earlier);
    if (!best || disturbed < best.disturbed) best = { times, disturbed };
    if (disturbed <= 1) break;
  }
  return best?.times ?? [];
}

/** Up to 1: the machine was quiet. */
function disturbance(times: StructureTimes | undefined, earlier: readonly References[]): number {
  if (!times) return 0;
  const slowed = (['baseMs', 'smallestMs'] as const).map((of) => {
    const fastest = Math.min(times[of], ...earlier.map((each) => each[of]));
    return (times[of] / fastest - 1) / (SLOWED - 1);
  });
  return Math.max(Math.abs(times.check.ratio - 1) / QUIET_WITHIN, ...slowed);
}
