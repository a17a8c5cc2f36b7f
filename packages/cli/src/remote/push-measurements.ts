import { type Client, graphql, type ResultOf } from '@espalier/client';
import type { Measurements } from '@espalier/latency';
import { plural } from '../render/units.ts';
import { enumOf } from './enum-words.ts';

const recordMeasurements = graphql(`
  mutation RecordMeasurements($input: RecordMeasurementsInput!) {
    payload: recordMeasurements(input: $input) {
      ok errors { message path }
      made: measurements {
        id networkName networkHash threads batch p50Ms isSlower speedup { ratio low high } check { ratio isQuiet }
        device { id name }
      }
    }
  }
`);

export type PushedMeasurements = NonNullable<ResultOf<typeof recordMeasurements>['payload']['made']>;

/** Brings what was measured to a platform; what is there already is answered as it is. */
export async function pushMeasurements(
  client: Client,
  { device, memory, engine, cpu, cores, platform, measuredAt, measurements }: Measurements,
  deviceName: string | null,
): Promise<PushedMeasurements> {
  return (
    await client.change(recordMeasurements, {
      ...{ deviceName: deviceName ?? device, cpu, cores, platform, measuredAt },
      ...{ memoryBytes: memory ?? null, engine: enumOf(engine.name), engineVersion: engine.version },
      measurements: measurements.map((each) => ({ ...each })),
    })
  ).made;
}

export function pushedMeasurementsText(pushed: PushedMeasurements): string {
  const [first] = pushed;
  const name = first ? ` of ${first.device.name}` : '';
  return `${plural(pushed.length, 'measurement')}${name} on the platform`;
}
