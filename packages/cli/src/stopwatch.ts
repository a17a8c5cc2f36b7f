/** Wall clock by stage, in seconds. */
export class Stopwatch {
  private readonly started = performance.now();
  private readonly laps: Record<string, number> = {};

  /** Runs a stage and adds its time to whatever the stage took before. */
  async time<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.laps[stage] = (this.laps[stage] ?? 0) + (performance.now() - from) / 1000;
    }
  }

  /** Every stage so far, and `total` since the start. */
  seconds(): Record<string, number> {
    return { ...this.laps, total: (performance.now() - this.started) / 1000 };
  }
}
