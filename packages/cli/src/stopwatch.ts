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

  /** Adds what somebody else has timed; `total` is not a stage. */
  add({ total: _total, ...stages }: Readonly<Record<string, number>>): void {
    for (const [stage, seconds] of Object.entries(stages)) {
      this.laps[stage] = (this.laps[stage] ?? 0) + seconds;
    }
  }

  /** Every stage so far, and `total` since the start. */
  seconds(): Record<string, number> {
    return { ...this.laps, total: (performance.now() - this.started) / 1000 };
  }
}
