import { milliseconds, plural } from '#src/format/numbers.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What the model's profiles say of it as given. */
export const profiledTimes = graphql(`
  fragment ProfiledTimes on DeviceProfile @_unmask {
    baseMs
    threads
    batch
    device { id name }
  }
`);

/** What was measured of a network by itself, on any device. */
export const measuredTimes = graphql(`
  query MeasuredTimes($networkHash: String!) {
    measurements(first: 20, filter: { networkHash: { in: [$networkHash] } }, order: { by: MEASURED, direction: DESC }) {
      nodes { p50Ms threads batch device { id name } }
    }
  }
`);

type Profiled = ResultOf<typeof profiledTimes>;
type Measured = ResultOf<typeof measuredTimes>['measurements']['nodes'][number];

export interface DeviceTime {
  readonly device: Profiled['device'];
  /** "12.3 ms, 1 image, 4 threads" */
  readonly words: string;
}

/**
 * One time for each device: of one image where that is known, measured before that of a profile, the newest first.
 *
 * @param measured the newest first, as `profiles`
 */
export function timesOnDevices(measured: readonly Measured[], profiles: readonly Profiled[]): DeviceTime[] {
  const all = [...measured, ...profiles.map(({ baseMs, ...rest }) => ({ ...rest, p50Ms: baseMs }))];
  const best = new Map<string, (typeof all)[number]>();
  // Those of one image go first; the order of the others stays.
  for (const time of [...all].sort((a, b) => Number(a.batch !== 1) - Number(b.batch !== 1))) {
    if (!best.has(time.device.id)) best.set(time.device.id, time);
  }
  return [...best.values()].map(({ device, p50Ms, batch, threads }) => ({
    device,
    words: `${milliseconds(p50Ms)}, ${plural(batch, 'image')}, ${plural(threads, 'thread')}`,
  }));
}
