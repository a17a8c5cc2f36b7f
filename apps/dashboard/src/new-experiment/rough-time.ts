import { medianOf, type PastRun } from './expected.ts';

/** What is to be trained and measured. */
export interface Ahead {
  /** Of one image. */
  readonly macs: number;
  readonly trainImages: number;
  /** Of fine-tuning; 0 for none. */
  readonly epochs: number;
}

/**
 * About how many seconds runs will take where none like them has finished: by what runs of other networks took for each
 * multiplication. The time of training grows with its images; that of everything else depends on the network alone.
 *
 * @returns null where no run tells: none has finished, or none was trained and these will be
 */
export function roughSeconds(
  past: readonly PastRun[],
  { macs, trainImages, epochs }: Ahead,
  runs: number,
  workers: number,
): number | null {
  const known = past.filter((run) => run.macs > 0);
  const rest = medianOf(known.map((run) => Math.max(0, run.seconds - run.trainSeconds) / run.macs));
  const trained = known.filter((run) => run.trainSeconds > 0 && run.trainImages > 0 && run.epochs > 0);
  const perImage = medianOf(
    trained.map((run) => run.trainSeconds / (run.macs * run.trainImages * run.epochs)),
  );
  if (macs <= 0 || rest === null || (epochs > 0 && perImage === null)) return null;
  const each = macs * (rest + epochs * trainImages * (perImage ?? 0));
  return each * Math.ceil(runs / Math.max(1, workers));
}
