import type { Measurement } from '@espalier/engines';
import { onStdout } from './colour.ts';
import { left, listing, right } from './table.ts';
import { count, milliseconds, plural } from './units.ts';

export interface NamedMeasurement {
  readonly name: string;
  readonly measurement: Measurement;
}

/** One or more networks that were measured side by side; speedups are the first one's over the others. */
export function measurementText(measured: readonly NamedMeasurement[]): string {
  const [first, ...others] = measured;
  if (!first) return '';
  const drawn = listing(measured, [
    left('model', ({ name }) => name),
    right('p50', ({ measurement }) => milliseconds(measurement.latencyMs.p50)),
    right('p10', ({ measurement }) => milliseconds(measurement.latencyMs.p10)),
    right('p90', ({ measurement }) => milliseconds(measurement.latencyMs.p90)),
    right('images/s', ({ measurement }) => count(measurement.imagesPerSecond)),
  ]);
  const { batch, repeats, warmup } = first.measurement;
  const speedups = others.map(({ name, measurement }) => {
    const speedup = measurement.latencyMs.p50 / first.measurement.latencyMs.p50;
    return onStdout.bold(`${first.name} is ${speedup.toFixed(2)}x as fast as ${name}`);
  });
  return [
    drawn,
    ...speedups,
    onStdout.dim(
      `batch ${batch}, ${plural(repeats, 'run')} of each after ${plural(warmup, 'warm-up run')}${others.length > 0 ? ', interleaved' : ''}`,
    ),
  ].join('\n');
}
