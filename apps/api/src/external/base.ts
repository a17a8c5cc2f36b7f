import { type AnyMetric, isOwnMetric } from '@espalier/engines';
import { newId, type Transaction } from '@espalier/store';
import { Conflict } from '../errors.ts';
import type { Evaluation } from './evaluation.ts';

interface Subject {
  readonly modelId: string;
  readonly datasetHash: string;
}

/**
 * Keeps what the unpruned network is worth on the test split by an evaluator, once: by labels, and by a metric of another
 * tool. Beside itself, by the outputs, it is always the same.
 *
 * @throws {Conflict} where it was told otherwise before
 */
export async function keepBase(
  transaction: Transaction,
  subject: Subject,
  metric: AnyMetric,
  evaluation: Evaluation,
): Promise<void> {
  const { engine, decoding, value, top1, top5, loss, images, hits } = evaluation;
  const split = 'test';
  if (top1 !== null) {
    const at = { ...subject, split, engine, decoding };
    const data = [{ id: newId('eval'), ...at, top1, top5, loss, images, hits }];
    const { count } = await transaction.baseEvaluation.createMany({ data, skipDuplicates: true });
    if (count === 0) {
      const before = await transaction.baseEvaluation.findUniqueOrThrow({
        where: { modelId_datasetHash_split_engine_decoding: at },
      });
      checkSame('top-1', before.top1, top1, 'evaluation.top1');
    }
  }
  if (isOwnMetric(metric.name)) return;
  const at = { ...subject, split, evaluator: engine, metric: metric.name };
  const { count } = await transaction.baseValue.createMany({
    data: [{ ...at, value, images }],
    skipDuplicates: true,
  });
  if (count > 0) return;
  const before = await transaction.baseValue.findUniqueOrThrow({
    where: { modelId_datasetHash_split_evaluator_metric: at },
  });
  checkSame(metric.label, before.value, value, 'evaluation.value');
}

function checkSame(name: string, before: number, now: number, field: string): void {
  if (before === now) return;
  throw new Conflict(
    `by this evaluator its ${name} was ${before}, and is now ${now}: name another preprocessing or another tool`,
    field,
  );
}
