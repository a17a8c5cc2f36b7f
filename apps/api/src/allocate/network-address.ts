import { targetText } from '@espalier/pruning';
import type { Asked } from './allocate.ts';

/** Where the network is that is cut so: made when it is fetched. */
export function networkAddress(
  { input: { samplingRunId, limits, profileId, seed }, search: { target } }: Asked,
  allocation: string,
): string {
  const query = new URLSearchParams({ allocation, target: targetText(target) });
  if (limits) query.set('limits', JSON.stringify(limits));
  if (profileId !== null) query.set('profile', profileId);
  if (seed !== 0) query.set('seed', String(seed));
  return `/files/allocations/${samplingRunId}?${query}`;
}
