import { QUIET_WITHIN } from '@espalier/engines';
import type { StructureTimes } from './journal.ts';

/** Structures that were measured while the machine was busy are measured again, so often in all. */
const ATTEMPTS = 3;
/** The network as given takes at most so many times what it took in the quietest turns, or something else runs. */
const SLOWED = 1.1;

/**
 * The first of some attempts that nothing disturbed, else the least disturbed one: nodes tell their time outside of the
 * turns, where nothing takes out what else the machine did.
 *
 * @param fastestMs of the network as given, so far; infinite: not measured yet
 */
export async function quietest(
  fastestMs: number,
  measureOnce: () => Promise<StructureTimes[]>,
): Promise<StructureTimes[]> {
  let best: { times: StructureTimes[]; disturbed: number } | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const times = await measureOnce();
    const disturbed = disturbance(times[0], fastestMs);
    if (!best || disturbed < best.disturbed) best = { times, disturbed };
    if (disturbed <= 1) break;
  }
  return best?.times ?? [];
}

/** Up to 1: the machine was quiet. */
function disturbance(times: StructureTimes | undefined, fastestMs: number): number {
  if (!times) return 0;
  const differs = Math.abs(times.check.ratio - 1) / QUIET_WITHIN;
  return Math.max(differs, (times.baseMs / fastestMs - 1) / (SLOWED - 1));
}
