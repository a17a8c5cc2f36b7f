import { type Job, jobSchema, type Queue } from '@espalier/runs';

/** @param turn of the job among those of all teams */
type Handle = (job: Job, signal: AbortSignal, turn: number) => Promise<void>;

/** Whether a worker takes jobs, which may change while it is at one. */
export class Taking {
  private readonly queue: Queue;
  private readonly name: string;
  private readonly handle: Handle;
  private wanted = false;
  private takes = false;
  private changes: Promise<void> = Promise.resolve();

  /** @param name of the queue that it takes from */
  constructor(queue: Queue, name: string, handle: Handle) {
    this.queue = queue;
    this.name = name;
    this.handle = handle;
  }

  /** Resolves when it is so: with `false` once the job that it is at has ended, but takes no further one at once. */
  set(wanted: boolean): Promise<void> {
    this.wanted = wanted;
    // One that failed was told to whoever asked for it.
    this.changes = this.changes.catch(() => {}).then(() => this.follow());
    return this.changes;
  }

  private async follow(): Promise<void> {
    if (this.wanted === this.takes) return;
    this.takes = this.wanted;
    const { boss, timing } = this.queue;
    if (!this.wanted) return boss.offWork(this.name, { wait: true });
    const polling = {
      includeMetadata: true as const,
      pollingIntervalSeconds: timing.pollSeconds,
      // While others wait, the next one is taken at once.
      burstWhenReadyExceeds: 1,
      heartbeatRefreshSeconds: Math.max(1, Math.floor(timing.heartbeatSeconds / 3)),
    };
    await boss.work<unknown, void, typeof polling>(this.name, polling, async ([job]) => {
      if (job) await this.handle(jobSchema.parse(job.data), job.signal, -job.priority);
    });
  }
}
