import type { PrismaClient } from '@espalier/store';
import type { Job } from './jobs.ts';
import { bookSeconds, type Use } from './turns.ts';

/** Where a job stands after what was booked for it. */
export interface Standing {
  /** Seconds by which its team is ahead of another one that waits. */
  readonly ahead: number;
  /** Seconds of computing of its run, in all attempts; 0 for a share. */
  readonly ofRun: number;
}

/** Books what a worker has computed of a job, for its run and for its team. */
export function book(
  prisma: PrismaClient,
  job: Job,
  use: Pick<Use, 'queue' | 'turn' | 'seconds'>,
): Promise<Standing> {
  return prisma.$transaction(async (transaction) => {
    let ofRun = 0;
    if (job.kind === 'run') {
      const [run] = await transaction.run.updateManyAndReturn({
        // What was sent since has a separate account.
        where: { id: job.runId, ticket: job.ticket },
        data: { computeSeconds: { increment: use.seconds } },
        select: { computeSeconds: true },
      });
      ofRun = run?.computeSeconds ?? 0;
    }
    return { ofRun, ahead: await bookSeconds(transaction, { ...use, teamId: job.teamId }) };
  });
}
