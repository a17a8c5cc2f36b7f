import { milliseconds, plural, times, UNKNOWN } from '#src/format/numbers.ts';
import type { Latency } from './result-fields.ts';
import { speedupWords } from './speedup-words.ts';

/** From the unpruned network to the pruned one, in milliseconds. */
export function timeChange({
  milliseconds: after,
  baseMilliseconds: before,
}: {
  readonly milliseconds: number;
  readonly baseMilliseconds: number;
}): string {
  return `${milliseconds(before)} → ${milliseconds(after)}`;
}

/** "Raspberry Pi 5 (onnxruntime 1.30.0, 4 threads, 1 image a run)" */
function deviceWords({ name, engine, engineVersion, threads, batch }: Latency['device']): string {
  return `${name} (${engine.toLowerCase()} ${engineVersion}, ${plural(threads, 'thread')}, ${plural(batch, 'image')} a run)`;
}

/** What a device profile predicted of a result, beside what was measured. */
export function latencyFacts(latency: Latency | null): (readonly [name: string, value: string])[] {
  if (latency === null) return [];
  const { device, differences, predicted, measured, corrections } = latency;
  const { milliseconds: after, baseMilliseconds: before } = predicted;
  const slower = after > before ? ': slower than the model' : '';
  const where = differences.length > 0 ? `no: the profile was made ${differences.join(', ')}` : UNKNOWN;
  return [
    ['Time on the device, predicted', `${timeChange(predicted)}, ${times(before, after)} as fast${slower}`],
    [
      'Time on the device, measured',
      measured
        ? `${timeChange(measured)}, ${speedupWords(measured.speedup.ratio, measured.speedup, 'as fast')}`
        : where,
    ],
    ...(measured
      ? [['The model against itself', speedupWords(measured.check.ratio, null, 'as fast')] as const]
      : []),
    ...(corrections > 0
      ? [['Searched again by what was measured', plural(corrections, 'time')] as const]
      : []),
    ...(measured && differences.length > 0
      ? [['The profile was made', differences.join(', ')] as const]
      : []),
    ['Device of the profile', deviceWords(device)],
  ];
}

/** The same in one line: as measured, and else as predicted. */
export function latencyHeadline({ device, predicted, measured }: Latency) {
  const { milliseconds: after, baseMilliseconds: before } = measured ?? predicted;
  const speed = measured
    ? speedupWords(measured.speedup.ratio, measured.speedup, 'as fast')
    : `${times(before, after)} as fast${after > before ? ': slower than the model' : ''}`;
  return {
    ...{ name: `Time on ${device.name}`, values: [before, after].map(milliseconds) },
    note: `${measured ? 'measured' : 'predicted'}; ${speed}`,
  };
}
