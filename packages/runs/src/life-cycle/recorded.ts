import type { EpochReport } from '@espalier/engines';
import type { Prisma, Run, Transaction } from '@espalier/store';
import { announce, eventRow } from './events.ts';
import { transition } from './transition.ts';

/** What is known of an imported run as it begins. */
type RecordedRun = Omit<
  Prisma.RunUncheckedCreateInput,
  'state' | 'origin' | 'events' | 'epochs' | 'repairs' | 'result' | 'checkpoint'
>;

/**
 * As it was told; with a value by the metric of the run where that is another one than top-1. Of its training no more
 * than the tool has kept.
 */
export type RecordedEpoch = Pick<EpochReport, 'epoch' | 'loss' | 'top1'> &
  Partial<Nullable<Pick<EpochReport, 'learningRate' | 'imagesPerSecond' | 'seconds'>>> & {
    readonly value?: number | null;
  };

type Nullable<T> = { readonly [Name in keyof T]: T[Name] | null };

/** A run that no worker computes: it is told from elsewhere, epoch by epoch, until it is finished. */
export async function beginRecorded(transaction: Transaction, row: RecordedRun): Promise<Run> {
  const { allocation, criterion, seed } = row;
  const run = await transaction.run.create({
    data: { ...row, origin: 'external', state: 'recording', startedAt: new Date() },
  });
  const event = { kind: 'created', state: 'recording', allocation, criterion, seed } as const;
  await transaction.runEvent.create({ data: eventRow(run.id, 1, event) });
  await announce(transaction, [run.id]);
  return run;
}

/**
 * Adds epochs of a recorded run; one that is there already takes the values that are told now. Whoever calls it holds
 * the run's row.
 */
export async function addEpochs(
  transaction: Transaction,
  runId: string,
  epochs: readonly RecordedEpoch[],
): Promise<void> {
  const known = await transaction.epochMetric.findMany({
    where: { runId, epoch: { in: epochs.map(({ epoch }) => epoch) } },
    select: { epoch: true },
  });
  const before = new Set(known.map(({ epoch }) => epoch));
  await transaction.epochMetric.deleteMany({ where: { runId, epoch: { in: [...before] } } });
  await transaction.epochMetric.createMany({ data: epochs.map((epoch) => ({ runId, ...epoch })) });
  const { _max: last } = await transaction.runEvent.aggregate({ where: { runId }, _max: { seq: true } });
  await transaction.runEvent.createMany({
    data: epochs
      .filter(({ epoch }) => !before.has(epoch))
      .map(({ value: _, ...epoch }, i) => {
        const told = { learningRate: null, imagesPerSecond: null, seconds: null, ...epoch };
        return eventRow(runId, (last.seq ?? 0) + 1 + i, { kind: 'epoch', ...told });
      }),
  });
  await announce(transaction, [runId]);
}

/** Whoever calls it holds the run's row. */
export async function finishRecorded(
  transaction: Transaction,
  run: Pick<Run, 'id' | 'state'>,
  result: Omit<Prisma.PrunedResultUncheckedCreateInput, 'runId'>,
): Promise<void> {
  await transaction.prunedResult.create({ data: { runId: run.id, ...result } });
  const { top1 = null, macs } = result;
  await transition(transaction, run, 'finished', { event: { top1, macs: Number(macs) } });
}
