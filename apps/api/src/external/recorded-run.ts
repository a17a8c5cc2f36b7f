import { createHash } from 'node:crypto';
import type { EpochReport } from '@espalier/engines';
import { addEpochs } from '@espalier/runs';
import { newId, type Run, type Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { takeKey } from './client-key.ts';
import { checkedEvaluation, type EvaluationInput, evaluationContent } from './evaluation.ts';

const MOST_EPOCHS = 1000;

/** One that is computed elsewhere, within reach. */
export async function findRecorded(context: Context, id: string): Promise<Run> {
  const run = await findNode('run', context, id);
  if (!run) throw new NotFound('there is no such run', 'runId');
  if (run.origin === 'external') return run;
  throw new FieldError('this one is computed by workers of the platform', 'runId');
}

/** As it is by now, and so until the transaction ends. */
export async function lockedRecorded(transaction: Transaction, id: string): Promise<Run> {
  await transaction.$queryRaw`SELECT 1 FROM "Run" WHERE "id" = ${id} FOR UPDATE`;
  const run = await transaction.run.findUnique({ where: { id } });
  if (!run) throw new NotFound('there is no such run', 'runId');
  return run;
}

/** @throws {Conflict} for one that is over: nothing is added to it */
export function checkOpen({ state }: Pick<Run, 'state'>): void {
  if (state !== 'recording') throw new Conflict(`it is ${state}: nothing is added to it any more`, 'runId');
}

/** Adds epochs to a run that is computed elsewhere, or tells them anew, until it is finished. */
export async function recordEpochs(
  context: Context,
  { key, runId, epochs }: { key: string; runId: string; epochs: readonly EpochReport[] },
): Promise<Run> {
  const { teamId } = requireRole(context.viewer, 'editor');
  const { id } = await findRecorded(context, runId);
  const sorted = checkedEpochs(epochs);
  return context.database.prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    const content = {
      runId: id,
      losses: Object.fromEntries(sorted.map(({ epoch, loss }) => [epoch, loss])),
      epochs: createHash('sha256').update(JSON.stringify(sorted)).digest('hex'),
    };
    const { isNew } = await takeKey(transaction, { teamId, key, write: 'recordEpochs', content }, id);
    if (!isNew) return run;
    checkOpen(run);
    await addEpochs(transaction, id, sorted);
    return run;
  });
}

function checkedEpochs(given: readonly EpochReport[]): EpochReport[] {
  if (given.length === 0 || given.length > MOST_EPOCHS) {
    throw new FieldError(`send 1 to ${MOST_EPOCHS} epochs at once`, 'epochs');
  }
  const seen = new Set<number>();
  const checked = given.map(({ epoch, loss, top1, learningRate, imagesPerSecond, seconds }, at) => {
    const refuse = (field: string, message: string) => new FieldError(message, `epochs.${at}.${field}`);
    if (!(epoch > 0)) throw refuse('epoch', 'the first one is 1');
    if (seen.has(epoch)) throw refuse('epoch', `${epoch} is there twice`);
    seen.add(epoch);
    if (top1 !== null && !(top1 >= 0 && top1 <= 1)) throw refuse('top1', 'a share of images is 0 to 1');
    for (const [field, value] of Object.entries({ learningRate, imagesPerSecond, seconds })) {
      if (value < 0) throw refuse(field, 'it is not below 0');
    }
    return { epoch, loss, top1, learningRate, imagesPerSecond, seconds };
  });
  return checked.sort((a, b) => a.epoch - b.epoch);
}

/** The unpruned network as it was judged elsewhere: what results of the same evaluator are compared with. */
export async function recordEvaluation(
  context: Context,
  input: { key: string; modelId: string; datasetId: string; evaluation: EvaluationInput },
) {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const [model, dataset] = await Promise.all([
    findNode('model', context, input.modelId),
    findNode('data', context, input.datasetId),
  ]);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  const evaluation = checkedEvaluation(input.evaluation, await testImages(context, dataset.id));
  return context.database.prisma.$transaction(async (transaction) => {
    const { key } = input;
    const content = { modelId: model.id, datasetId: dataset.id, ...evaluationContent(evaluation) };
    const write = { teamId, key, write: 'recordEvaluation', content };
    const { isNew } = await takeKey(transaction, write, model.id);
    if (!isNew) return model;
    const { engine, decoding, ...scores } = evaluation;
    const at = { modelId: model.id, datasetHash: dataset.hash, split: 'test', engine, decoding };
    const data = [{ id: newId('eval'), ...at, ...scores }];
    const { count } = await transaction.baseEvaluation.createMany({ data, skipDuplicates: true });
    if (count === 0) {
      const { top1 } = await transaction.baseEvaluation.findUniqueOrThrow({
        where: { modelId_datasetHash_split_engine_decoding: at },
      });
      if (top1 !== scores.top1) {
        throw new Conflict(
          `by this evaluator its top-1 was ${top1}, and is ${scores.top1}: tell another preprocessing, or another tool`,
          'evaluation.top1',
        );
      }
    }
    await audit(transaction, editor, 'model.evaluate', model.id, { evaluator: engine, top1: scores.top1 });
    return model;
  });
}

/** Undefined where the data set does not tell. */
export async function testImages({ loaders }: Context, datasetId: string): Promise<number | undefined> {
  return (await loaders.splits.load(datasetId)).find(({ name }) => name === 'test')?.images;
}
