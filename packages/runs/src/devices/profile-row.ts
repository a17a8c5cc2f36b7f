import type { DeviceProfile, Stair } from '@espalier/latency';
import { written } from '../columns.ts';

/** Of a profile's file. */
export const PROFILE_MEDIA_TYPE = 'application/x-espalier-profile+json';

/** What a row tells of a profile, whoever measured or brought it. */
export function profileRow(profile: DeviceProfile, stairs: readonly Stair[] | null) {
  const { network, engine, threads, batch, baseMs, smallestMs, overheadMs, kinds, error, check } = profile;
  return {
    ...{ networkHash: network.hash, networkName: network.name },
    ...{ engine: engine.name, engineVersion: engine.version, threads, batch },
    ...{ baseMs, smallestMs, overheadMs, errorMedian: error.median, errorWorst: error.worst },
    ...{ checkRatio: check.ratio, checkLow: check.low, checkHigh: check.high },
    ...written('DeviceProfile', { kinds, heldOut: error.structures, stairs }),
    measuredAt: new Date(profile.measuredAt),
  };
}
