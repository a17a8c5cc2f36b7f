/** What a pruning does, one after the other; rounds go through the first ones again and again. */
export const STAGES = [
  'sampling',
  'searching',
  'cutting',
  'repairing',
  'recalibrating',
  'finetuning',
  'evaluating',
  'measuring',
  'exporting',
] as const;

export type Stage = (typeof STAGES)[number];

/** Wall-clock of each stage that there was, and of all. */
export type StageSeconds = Readonly<Partial<Record<Stage, number>>> & { readonly total: number };

/** Wall-clock of each stage, in seconds: one at a time, each until the next one begins. */
export class StageClock {
  private readonly started = performance.now();
  private readonly laps: Partial<Record<Stage, number>> = {};
  private readonly onStage: (stage: Stage) => void;
  private current: Stage | null = null;
  private since = this.started;

  constructor(onStage: (stage: Stage) => void) {
    this.onStage = onStage;
  }

  enter(stage: Stage): void {
    if (stage === this.current) return;
    this.close();
    this.current = stage;
    this.onStage(stage);
  }

  /** Every stage so far, and `total` since the start. */
  seconds(): StageSeconds {
    this.close();
    return { ...this.laps, total: (performance.now() - this.started) / 1000 };
  }

  private close(): void {
    const now = performance.now();
    if (this.current) this.laps[this.current] = (this.laps[this.current] ?? 0) + (now - this.since) / 1000;
    this.since = now;
  }
}
