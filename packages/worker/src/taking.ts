import { type Job, jobSchema, type Queue } from '@espalier/runs';

/** @param turn of the job among those of all teams */
type Handle = (job: Job, signal: AbortSignal, turn: number) => Promise<void>;

/** Why a worker takes nothing: it was not begun yet or ended, a person asked for it, a profile is measured. */
type Reason = 'ended' | 'drained' | 'profiling' | 'leased';

/** Whether a worker takes jobs, which may change while it is at one. */
export class Taking {
  private readonly queue: Queue;
  private readonly name: string;
  private readonly handle: Handle;
  /** As long as one of these stands it takes nothing. */
  private readonly held = new Set<Reason>(['ended']);
  private takes = false;
  private changes: Promise<void> = Promise.resolve();

  /** @param name of the queue that it takes from */
  constructor(queue: Queue, name: string, handle: Handle) {
    this.queue = queue;
    this.name = name;
    this.handle = handle;
  }

  /** Takes no further job at once; resolves when the one that it is at has ended. */
  hold(reason: Reason): Promise<void> {
    this.held.add(reason);
    return this.change();
  }

  /** Takes jobs again, unless something else stands against it. */
  release(reason: Reason): Promise<void> {
    this.held.delete(reason);
    return this.change();
  }

  private change(): Promise<void> {
    // One that failed was told to whoever asked for it.
    this.changes = this.changes.catch(() => {}).then(() => this.follow());
    return this.changes;
  }

  private async follow(): Promise<void> {
    const wanted = this.held.size === 0;
    if (wanted === this.takes) return;
    this.takes = wanted;
    const { boss, timing } = this.queue;
    if (!wanted) return boss.offWork(this.name, { wait: true });
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
