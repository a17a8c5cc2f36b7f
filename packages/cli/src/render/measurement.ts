import { isQuiet, type Measurement, QUIET_WITHIN, type Speedup } from '@espalier/engines';
import type { DeviceProfile } from '@espalier/latency';
import type { Cost } from '@espalier/network';
import { onStdout } from './colour.ts';
import { speedupWords } from './speedup.ts';
import { type Listed, left, listing, right } from './table.ts';
import { count, fileSize, magnitude, milliseconds, percent, plural, UNKNOWN } from './units.ts';

/** A model, on so many threads, so many images per run. */
export interface MeasuredRow extends Measurement {
  /** Its file's name. */
  readonly model: string;
  readonly threads: number;
  /** The values between its layers at their most, bytes. */
  readonly activationBytes: number;
  /** By the device profile; null without one, and where it was made for other threads or images. */
  readonly predictedMs: number | null;
  /** Against the reference on as many threads and images; null for the reference itself. */
  readonly speedup: Speedup | null;
}

interface MeasuredModel extends Cost {
  readonly model: string;
  /** Of the file. */
  readonly bytes: number;
}

/** The reference measured as if it were two networks: what noise alone makes of a comparison. */
interface QuietCheck extends Speedup {
  readonly batch: number;
  readonly threads: number;
}

export interface MeasuredTogether {
  readonly models: readonly MeasuredModel[];
  /** What the others are compared with; null if there are no others. */
  readonly reference: string | null;
  readonly rows: readonly MeasuredRow[];
  /** One for each number of images and threads. */
  readonly checks: readonly QuietCheck[];
  /** Whose profile predicts; null for nobody's. */
  readonly profile:
    | (Pick<DeviceProfile, 'device' | 'threads' | 'batch'> & {
        /** How it was made otherwise than this is measured, in words. */
        readonly differences: readonly string[];
      })
    | null;
}

/** Models that were measured side by side. */
export function measurementText({ models, reference, rows, checks, profile }: MeasuredTogether): string {
  const several = (value: (row: MeasuredRow) => number) => new Set(rows.map(value)).size > 1;
  const columns: Listed<MeasuredRow>[] = [
    left('model', ({ model }) => model),
    ...(several(({ batch }) => batch) ? [right<MeasuredRow>('images', ({ batch }) => count(batch))] : []),
    ...(several(({ threads }) => threads)
      ? [right<MeasuredRow>('threads', ({ threads }) => count(threads))]
      : []),
    ...(profile
      ? [
          right<MeasuredRow>('predicted', ({ predictedMs }) =>
            predictedMs === null ? UNKNOWN : milliseconds(predictedMs),
          ),
        ]
      : []),
    right('p50', ({ latencyMs }) => milliseconds(latencyMs.p50)),
    right('p10', ({ latencyMs }) => milliseconds(latencyMs.p10)),
    right('p90', ({ latencyMs }) => milliseconds(latencyMs.p90)),
    right('images/s', ({ imagesPerSecond }) => count(imagesPerSecond)),
    right('activations', ({ activationBytes }) => fileSize(activationBytes)),
    ...(reference === null
      ? []
      : [
          left<MeasuredRow>(`as fast as ${reference}`, ({ speedup }) =>
            speedup ? speedupWords(speedup) : UNKNOWN,
          ),
        ]),
  ];
  const sizes = listing(models, [
    left('model', ({ model }) => model),
    right('file', ({ bytes }) => fileSize(bytes)),
    right('params', ({ params }) => magnitude(params)),
    right('MACs', ({ macs }) => magnitude(macs)),
  ]);
  const [first] = rows;
  return [
    ...[sizes, '', listing(rows, columns)],
    ...checks.filter((check) => !isQuiet(check)).map(noisy),
    ...(profile
      ? [
          onStdout.dim(
            `predicted for ${profile.device}: ${plural(profile.batch, 'image')} a run on ${plural(profile.threads, 'thread')}${profile.differences.length > 0 ? `; made ${profile.differences.join(', ')}` : ''}`,
          ),
        ]
      : []),
    onStdout.dim(first ? howMeasured(first, rows.length > 1, checks) : ''),
  ].join('\n');
}

function noisy({ batch, threads, ratio }: QuietCheck): string {
  const off = percent(Math.abs(ratio - 1), 1000);
  return onStdout.bold(
    `The machine is too busy: with ${plural(batch, 'image')} and ${plural(threads, 'thread')} the same model differs by ${off} from itself (at most ${percent(QUIET_WITHIN, 1000)} is quiet). Stop other work and measure again.`,
  );
}

function howMeasured(
  { batch, repeats, warmup }: MeasuredRow,
  several: boolean,
  checks: readonly QuietCheck[],
): string {
  const runs = `${plural(batch, 'image')} a run, ${plural(repeats, 'run')} of each after ${plural(warmup, 'warm-up run')}`;
  const quiet = checks.length > 0 && checks.every(isQuiet) ? '; the machine was quiet' : '';
  return `${runs}${several ? ', interleaved; ratios with their 95 % intervals' : ''}${quiet}`;
}
