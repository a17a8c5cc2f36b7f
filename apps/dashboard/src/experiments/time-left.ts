import { isOver } from '#src/format/status.ts';
import { medianOf } from '#src/new-experiment/expected.ts';

/** A run of an experiment, as far as its time is known. */
export interface TimedRun {
  readonly state: Parameters<typeof isOver>[0];
  /** It was begun, or begun anew; null before. */
  readonly startedAt: string | null;
  readonly result: { readonly seconds: readonly { readonly seconds: number }[] | null } | null;
}

/**
 * About how many seconds an experiment still takes, by what its finished runs took at work.
 *
 * @param open runs that are not over, of all of its runs; `runs` may be fewer
 * @param now milliseconds since 1970
 * @returns null where nothing is open, or no run has finished that tells
 */
export function secondsLeft(
  runs: readonly TimedRun[],
  { open, workers, now }: { readonly open: number; readonly workers: number; readonly now: number },
): number | null {
  const took = runs.flatMap(({ result }) => {
    const stages = result?.seconds ?? [];
    return stages.length > 0 ? stages.reduce((sum, stage) => sum + stage.seconds, 0) : [];
  });
  const each = medianOf(took);
  if (each === null || open === 0) return null;
  const begun = runs.filter(({ state, startedAt }) => !isOver(state) && startedAt !== null);
  const left = begun.map(({ startedAt }) => Math.max(0, each - (now - Date.parse(startedAt ?? '')) / 1000));
  const waiting = Math.max(0, open - begun.length) * each;
  const atWork = left.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max((atWork + waiting) / Math.max(1, workers), ...left);
}
