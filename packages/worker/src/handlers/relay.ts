import { DECODING_VERSION } from '@espalier/datasets';
import type { EpochReport } from '@espalier/engines';
import { type Observer, type Progress, type Stage, type TrainingPhase, valueBy } from '@espalier/pipeline';
import type { Round } from '@espalier/pruning';
import {
  announceProgress,
  appendEvent,
  type Claim,
  judgedBy,
  LostClaim,
  told,
  transition,
  writeRun,
} from '@espalier/runs';
import type { KeptRepair, TaskObserver } from '../tasks/task.ts';
import type { Turn } from '../turn.ts';
import { keepBase } from './base.ts';
import { keepCheckpoint } from './checkpoint.ts';
import { givingWay, type WorkerContext } from './handler.ts';
import { keepRepair } from './repairs.ts';

const KEEP_EVERY_MS = 10 * 60_000;

/** Writes what the child tells, one after the other; stops the child when the claim is lost. */
export class Relay implements TaskObserver {
  private readonly context: WorkerContext;
  private readonly claim: Claim;
  private readonly lost: AbortController;
  private readonly signal: AbortSignal;
  private queue: Promise<unknown> = Promise.resolve();
  private progressUnderWay = false;
  private keeping: Promise<void> | undefined;
  private kept = performance.now();
  private readonly turn: Turn;
  private current: Stage | null = null;
  /** Samples that this attempt found when it began to count. */
  private samplesAtFirst: number | null = null;

  constructor(context: WorkerContext, claim: Claim, lost: AbortController, signal: AbortSignal, turn: Turn) {
    this.turn = turn;
    this.signal = signal;
    this.context = context;
    this.claim = claim;
    this.lost = lost;
  }

  readonly stage = (stage: Stage): void => {
    this.current = stage;
    this.samplesAtFirst = null;
    this.write(async (transaction, run) => {
      await transition(transaction, run, stage);
      // Those of an earlier attempt. What this one goes on from is told again.
      if (stage === 'finetuning') await transaction.epochMetric.deleteMany({ where: { runId: run.id } });
    });
  };

  readonly warning = (text: string): void => {
    this.write(async (transaction, { id }) => appendEvent(transaction, id, { kind: 'warning', text }));
  };

  readonly repaired = ({
    base,
    pruned,
    repaired,
  }: Parameters<NonNullable<Observer['repaired']>>[0]): void => {
    this.write(async (transaction, { id, experimentId }) => {
      const by = { engine: this.context.engine, decoding: DECODING_VERSION };
      await keepBase(transaction, experimentId, base, by);
      const { metric } = judgedBy(
        await transaction.experiment.findUniqueOrThrow({ where: { id: experimentId } }),
      );
      await transaction.run.update({
        where: { id },
        data: {
          ...{ prunedTop1: pruned.top1, repairedTop1: repaired.top1 },
          ...{ prunedValue: valueBy(metric, pruned), repairedValue: valueBy(metric, repaired) },
        },
      });
    });
  };

  readonly round = (round: Round): void => {
    this.write(async (transaction, { id }) => appendEvent(transaction, id, { kind: 'round', ...round }));
  };

  readonly epoch = (report: EpochReport, { round }: TrainingPhase): void => {
    this.write(async (transaction, run) => {
      // Those between rounds are in the result; a run's epochs are those after the last cut.
      if (round !== null) return appendEvent(transaction, run.id, { kind: 'epoch', ...report, round });
      const { epoch, ...rest } = report;
      await transaction.epochMetric.upsert({
        where: { runId_epoch: { runId: run.id, epoch } },
        create: { runId: run.id, epoch, ...rest },
        update: rest,
      });
      await appendEvent(transaction, run.id, { kind: 'epoch', ...report });
    });
  };

  readonly resumed = (
    step: number,
    _steps: number,
    epochs: readonly EpochReport[],
    { round }: TrainingPhase,
  ): void => {
    this.write(async (transaction, { id: runId }) => {
      if (round !== null) return appendEvent(transaction, runId, { kind: 'resumed', step, round });
      await transaction.epochMetric.createMany({
        data: epochs.map((epoch) => ({ runId, ...epoch })),
        skipDuplicates: true,
      });
      await appendEvent(transaction, runId, { kind: 'resumed', step });
    });
  };

  readonly checkpoint: NonNullable<Observer['checkpoint']> = ({ file, step, endsEpoch }) => {
    // Kept elsewhere at the end of each epoch, and this often in a long one.
    const isOver = this.turn.isOver();
    if (!isOver && !endsEpoch && performance.now() - this.kept < KEEP_EVERY_MS) return;
    this.kept = performance.now();
    // Of several that wait only the last one is worth keeping, and there will be another one.
    if (this.keeping) return;
    const signal = AbortSignal.any([this.signal, this.lost.signal]);
    this.keeping = keepCheckpoint(this.context, this.claim, { file, step }, signal)
      .then(() => {
        if (isOver) this.lost.abort(givingWay());
      })
      .catch((error: unknown) => {
        // A store that is away does not end the training.
        if (error instanceof LostClaim) this.lost.abort(error);
        else if (!signal.aborted) this.context.onError(error);
      })
      .finally(() => {
        this.keeping = undefined;
      });
  };

  readonly keepRepair = (repair: KeptRepair): Promise<void> => {
    const { context, claim, signal } = this;
    const both = AbortSignal.any([signal, this.lost.signal]);
    return this.after(() => keepRepair(context, claim, repair, both));
  };

  readonly progress = ({ done, total }: Progress): void => {
    if (this.current === 'sampling') {
      this.samplesAtFirst ??= done;
      // What was sampled lies on this machine: it goes on from there.
      if (this.turn.isOver() && done > this.samplesAtFirst) this.lost.abort(givingWay());
    }
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
    this.after(() => {
      const { database } = this.context;
      return writeRun(database.prisma, this.claim, change, this.signal);
    });
  }

  /** Behind all that was told before. */
  private after(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work);
    this.queue = done;
    done.catch((error: unknown) => this.lost.abort(error));
    return done;
  }
}
