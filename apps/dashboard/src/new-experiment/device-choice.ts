import { milliseconds, plural } from '#src/format/numbers.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import type { Named } from '#src/ui/named.ts';

/** What there is to know of a profile before it is gone by. */
export const deviceReach = graphql(`
  fragment DeviceReach on DeviceProfile @_unmask { id baseMs smallestMs threads batch differences device { name } }
`);

type DeviceReach = ResultOf<typeof deviceReach>;

/** A profile by which latency is known. */
export interface DeviceChoice extends Named {
  /** Of the network as given, in milliseconds. */
  readonly baseMs: number;
  /** With every group at its smallest. */
  readonly smallestMs: number;
  /** What makes it void where runs are computed now; null where no worker takes work. */
  readonly differences: readonly string[] | null;
}

/** "Raspberry Pi 5: 12.3 ms, 4 threads, 1 image" */
export function deviceChoice({ id, threads, batch, device, ...reach }: DeviceReach): DeviceChoice {
  const how = [milliseconds(reach.baseMs), plural(threads, 'thread'), plural(batch, 'image')].join(', ');
  return { ...reach, id, name: `${device.name}: ${how}` };
}
