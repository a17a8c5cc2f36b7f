import type { EpochReport } from '@espalier/engines';
import {
  announceProgress,
  appendEvent,
  type Claim,
  LostClaim,
  told,
  transition,
  writeRun,
} from '@espalier/runs';
import type { Stage, TaskReports } from '../tasks/task.ts';
import { keepCheckpoint } from './checkpoint.ts';
import type { WorkerContext } from './handler.ts';

/** Writes what the child tells, one after the other; stops the child when the claim is lost. */
export class Relay implements TaskReports {
  private readonly context: WorkerContext;
  private readonly claim: Claim;
  private readonly lost: AbortController;
  private readonly signal: AbortSignal;
  private queue: Promise<unknown> = Promise.resolve();
  private progressUnderWay = false;
  private keeping: Promise<void> | undefined;

  constructor(context: WorkerContext, claim: Claim, lost: AbortController, signal: AbortSignal) {
    this.signal = signal;
    this.context = context;
    this.claim = claim;
    this.lost = lost;
  }

  readonly stage = (stage: Stage): void => {
    this.write(async (transaction, run) => {
      await transition(transaction, run, stage);
      // Those of an earlier attempt. What this one goes on from is told anew.
      if (stage === 'finetuning') await transaction.epochMetric.deleteMany({ where: { runId: run.id } });
    });
  };

  readonly epoch = (report: EpochReport): void => {
    this.write(async (transaction, run) => {
      const { epoch, ...rest } = report;
      await transaction.epochMetric.upsert({
        where: { runId_epoch: { runId: run.id, epoch } },
        create: { runId: run.id, epoch, ...rest },
        update: rest,
      });
      await appendEvent(transaction, run.id, 'epoch', { ...report });
    });
  };

  readonly resumed = (step: number, epochs: readonly EpochReport[]): void => {
    this.write(async (transaction, { id: runId }) => {
      await transaction.epochMetric.createMany({
        data: epochs.map((epoch) => ({ runId, ...epoch })),
        skipDuplicates: true,
      });
      await appendEvent(transaction, runId, 'resumed', { step });
    });
  };

  readonly checkpoint = (file: string, step: number): void => {
    // Of several that wait only the last one is worth keeping, and there will be another one.
    if (this.keeping) return;
    const signal = AbortSignal.any([this.signal, this.lost.signal]);
    this.keeping = keepCheckpoint(this.context, this.claim, { file, step }, signal)
      .catch((error: unknown) => {
        // A store that is away does not end the training.
        if (error instanceof LostClaim) this.lost.abort(error);
        else if (!signal.aborted) this.context.onError(error);
      })
      .finally(() => {
        this.keeping = undefined;
      });
  };

  readonly progress = (done: number, total: number): void => {
    // Of several that wait only one is worth writing.
    if (this.progressUnderWay) return;
    this.progressUnderWay = true;
    this.write(async (transaction, run) => {
      const before = {
        ...run,
        done: Number(run.done),
        total: Number(run.total),
        from: Number(run.sinceDone),
      };
      const now = told({ ...before, at: run.heartbeatAt }, done, total, new Date());
      await transaction.run.update({
        where: { id: run.id },
        data: { done, total, since: now.since, sinceDone: now.from, heartbeatAt: now.at },
      });
      await announceProgress(transaction, run.id);
    });
    const over = () => {
      this.progressUnderWay = false;
    };
    // What went wrong is told by `settled`.
    this.queue.then(over, over);
  };

  async settled(): Promise<void> {
    await this.keeping;
    await this.queue;
  }

  private write(change: Parameters<typeof writeRun<void>>[2]): void {
    this.queue = this.queue.then(() => {
      const { database } = this.context;
      return writeRun(database.prisma, this.claim, change, this.signal);
    });
    this.queue.catch((error: unknown) => this.lost.abort(error));
  }
}
