/** On a whole split with labels; accuracies 0..1, the loss in nats. */
export interface Quality {
  readonly top1: number;
  readonly top5: number | null;
  readonly loss: number;
  readonly n: number;
  /** Which images of the split are classified right: the bitmap of the evaluation, base64. */
  readonly hits: string;
}
