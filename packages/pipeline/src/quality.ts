/** On a whole split with labels; accuracies 0..1, the loss in nats. */
export interface Quality {
  readonly top1: number;
  readonly top5: number | null;
  readonly loss: number;
  readonly n: number;
  /** Which images of the split are classified right: the bitmap of the evaluation, base64. */
  readonly hits: string;
}

/** What was found of a network on some images; null without labels to test by. */
export type Tested = { readonly [K in keyof Quality]: Quality[K] | null } & {
  /** By metric, of those that do not use one class of each image. */
  readonly values?: Readonly<Partial<Record<string, number | null>>> | undefined;
};

/** What a network was found to be worth by a metric; null if it was not measured. */
export function valueBy(metric: string, tested: Omit<Tested, 'n' | 'hits'>): number | null {
  if (metric === 'top1' || metric === 'top5' || metric === 'loss') return tested[metric];
  return tested.values?.[metric] ?? null;
}
