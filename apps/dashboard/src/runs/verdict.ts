import type { RunDetail } from './run-page-query.ts';
import { isSlower } from './speedup-words.ts';

/** From so large a loss of top-1 on, less should be removed first. */
const LARGE_LOSS = 0.1;
/** So small a loss is hardly worth a training. */
const SMALL_LOSS = 0.005;

type Judged = Pick<NonNullable<RunDetail['result']>, 'drop' | 'ratio' | 'latencyInterval'> & {
  readonly latency: {
    readonly device: { readonly name: string };
    readonly predicted: { readonly milliseconds: number; readonly baseMilliseconds: number };
    readonly measured: {
      readonly speedup: { readonly ratio: number; readonly low: number; readonly high: number };
    } | null;
  } | null;
  readonly provenance: { readonly cpu: string | null } | null;
};

/** What stands against shipping a network, in a sentence each, and whether training may help. */
interface Verdict {
  readonly warnings: readonly string[];
  readonly shouldTune: boolean;
}

/** @param isTuned whether it was fine-tuned */
export function verdictOf(result: Judged, isTuned: boolean): Verdict {
  const { drop } = result;
  const loses = drop !== null && drop > SMALL_LOSS;
  const much = drop !== null && drop > LARGE_LOSS;
  return {
    warnings: [
      ...timeWarning(result),
      ...(much ? [`It loses ${(drop * 100).toFixed(1)} points of top-1: remove less, say 10 to 20 %.`] : []),
    ],
    shouldTune: loses && !isTuned,
  };
}

/** By the device where there is one: as measured, else as predicted; and else by the machine that computed it. */
function timeWarning({ latency, ratio, latencyInterval, provenance }: Judged): string[] {
  if (latency) {
    const { device, predicted, measured } = latency;
    const found = measured
      ? timeWords(measured.speedup.ratio, measured.speedup)
      : timeWords(predicted.baseMilliseconds / predicted.milliseconds, null);
    return found ? [`${found} on ${device.name}${measured ? '' : ', as predicted'}.`] : [];
  }
  const cpu = provenance?.cpu ? ` (${provenance.cpu})` : '';
  const found = timeWords(ratio.latency, latencyInterval);
  return found ? [`${found} on the CPU of this worker${cpu}.`] : [];
}

function timeWords(
  ratio: number | null,
  interval: { readonly low: number; readonly high: number } | null,
): string | null {
  if (ratio === null) return null;
  if (isSlower(ratio, interval)) return 'Slower than the original';
  return interval && interval.low <= 1 ? 'No measurable difference in speed to the original' : null;
}
