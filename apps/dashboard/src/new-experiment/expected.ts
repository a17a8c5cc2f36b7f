// How long new runs will take, by what equal ones took: nobody else knows this machine, this network and these images.

/** A run that was finished. */
export interface PastRun {
  readonly modelId: string;
  readonly datasetId: string;
  /** Of fine-tuning; 0 for none. */
  readonly epochs: number;
  /** Of sampling and cutting; 0 for all at once. */
  readonly rounds: number;
  /** At work, without the time that it waited. */
  readonly seconds: number;
  /** Of these, the fine-tuning. */
  readonly trainSeconds: number;
  /** Of the model, for one image; 0 where they are not known. */
  readonly macs: number;
  /** Of the data set; 0 where they are not known. */
  readonly trainImages: number;
}

export interface Expected {
  readonly seconds: number;
  /** How many runs say so. */
  readonly runs: number;
}

/** Null where no run of that model on that data set with as many epochs and rounds has been finished. */
export function expected(
  past: readonly PastRun[],
  { modelId, datasetId, epochs, rounds }: Pick<PastRun, 'modelId' | 'datasetId' | 'epochs' | 'rounds'>,
  runs: number,
  workers: number,
): Expected | null {
  const equal = past
    .filter((run) => run.modelId === modelId && run.datasetId === datasetId)
    .filter((run) => run.epochs === epochs && run.rounds === rounds)
    .map(({ seconds }) => seconds);
  const median = medianOf(equal);
  if (median === null) return null;
  return { seconds: median * Math.ceil(runs / Math.max(1, workers)), runs: equal.length };
}

/** The upper one of two; null of none. */
export function medianOf(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
