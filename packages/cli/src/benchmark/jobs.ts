/** Something to compute. */
export interface Job {
  readonly name: string;
  /** Must be done before; done once for all that need it. */
  readonly needs: Job | null;
  /** How much work it is, in any unit that is the same for all. */
  readonly weight: number;
  /** @param onPart says how much of it is done, 0..1 */
  readonly work: (onPart: (share: number) => void) => Promise<void>;
}

/** Weights, not jobs. */
export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Does jobs, some at a time, those that were named first as soon as what they need is there. The first error stops
 * what has not begun, and is thrown when what has begun is over.
 */
export async function doJobs(
  jobs: readonly Job[],
  atOnce: number,
  onProgress: (progress: WorkProgress) => void,
): Promise<void> {
  const all = [...new Set(jobs.flatMap((job) => (job.needs ? [job.needs, job] : [job])))];
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const waiting = new Set(all);
  const parts = new Map<Job, number>();
  const done = new Set<Job>();
  const running = new Set<Promise<void>>();
  const report = () =>
    onProgress({ done: [...parts].reduce((sum, [job, share]) => sum + job.weight * share, 0), total });
  const tell = (job: Job, share: number) => {
    parts.set(job, share);
    report();
  };
  let failure: { readonly error: unknown } | undefined;
  const ready = () => [...waiting].find(({ needs }) => needs === null || done.has(needs));
  report();
  for (;;) {
    const next = failure || running.size >= atOnce ? undefined : ready();
    if (next) {
      waiting.delete(next);
      const work: Promise<void> = next
        .work((share) => tell(next, share))
        .then(
          () => {
            done.add(next);
            tell(next, 1);
          },
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => running.delete(work));
      running.add(work);
    } else if (running.size > 0) await Promise.race(running);
    else break;
  }
  if (failure) throw failure.error;
}
