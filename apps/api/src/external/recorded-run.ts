import { createHash } from 'node:crypto';
import { type AnyMetric, TOP1 } from '@espalier/engines';
import { addEpochs, type RecordedEpoch } from '@espalier/runs';
import type { Run, Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import { shownMetric } from '../experiments/quality-metric.ts';
import type { Context } from '../graphql/context.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { keepBase } from './base.ts';
import { checkedImport, takeKey } from './client-key.ts';
import { checkedEvaluation, type EvaluationInput, evaluationContent } from './evaluation.ts';
import { checkValue } from './judged.ts';
import { inTransaction } from './rehearsal.ts';

const MOST_EPOCHS = 1000;

/** An imported one, within reach. */
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
  if (state !== 'recording') throw new Conflict(`it is ${state}: nothing can be added`, 'runId');
}

/** Adds epochs to an imported run, or tells them again, until it is finished. */
export async function recordEpochs(
  context: Context,
  { key, runId, epochs }: { key: string; runId: string; epochs: readonly RecordedEpoch[] },
): Promise<Run> {
  const { teamId } = requireRole(context.viewer, 'editor');
  const { id, experimentId } = await findRecorded(context, runId);
  const experiment = await nodeAt('exp', context, experimentId);
  if (!experiment) throw new NotFound('there is no such run', 'runId');
  const sorted = checkedEpochs(epochs, shownMetric(experiment));
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

function checkedEpochs(given: readonly RecordedEpoch[], judged: AnyMetric): RecordedEpoch[] {
  if (given.length === 0 || given.length > MOST_EPOCHS) {
    throw new FieldError(`send 1 to ${MOST_EPOCHS} epochs at once`, 'epochs');
  }
  const seen = new Set<number>();
  const checked = given.map(({ epoch, loss, top1, value, ...training }, at) => {
    const { learningRate, imagesPerSecond, seconds } = training;
    const refuse = (field: string, message: string) => new FieldError(message, `epochs.${at}.${field}`);
    if (!(epoch > 0)) throw refuse('epoch', 'the first one is 1');
    if (seen.has(epoch)) throw refuse('epoch', `${epoch} is there twice`);
    seen.add(epoch);
    if (top1 !== null && !(top1 >= 0 && top1 <= 1)) throw refuse('top1', 'a share of images is 0 to 1');
    for (const [field, amount] of Object.entries({ learningRate, imagesPerSecond, seconds })) {
      if (amount != null && amount < 0) throw refuse(field, 'it is not below 0');
    }
    const known = Object.entries({ learningRate, imagesPerSecond, seconds }).filter(([, one]) => one != null);
    const epochs = { epoch, loss, top1, ...Object.fromEntries(known) };
    if (value == null) return epochs;
    if (judged.name === TOP1.name) throw refuse('value', 'the metric of the run is top-1: give top1');
    checkValue(judged, value, `epochs.${at}.value`);
    return { ...epochs, value };
  });
  return checked.sort((a, b) => a.epoch - b.epoch);
}

/** The unpruned network as it was judged elsewhere: what results of the same evaluator are compared with. */
export async function recordEvaluation(
  context: Context,
  input: {
    key: string;
    modelId: string;
    datasetId: string;
    evaluation: EvaluationInput;
    importId: string | null;
    dryRun: boolean;
  },
) {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const [model, dataset] = await Promise.all([
    findNode('model', context, input.modelId),
    findNode('data', context, input.datasetId),
  ]);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  const images = await testImages(context, dataset.id);
  const importId = checkedImport(input.importId);
  const { metric, evaluation } = checkedEvaluation(input.evaluation, images, null);
  return inTransaction(context.database.prisma, input.dryRun, async (transaction) => {
    const { key } = input;
    const told = evaluationContent(metric, evaluation);
    const content = { modelId: model.id, datasetId: dataset.id, ...told };
    const write = { teamId, key, write: 'recordEvaluation', content, importId };
    const { isNew } = await takeKey(transaction, write, model.id);
    if (!isNew) return model;
    const { engine: evaluator, value } = evaluation;
    await keepBase(transaction, { modelId: model.id, datasetHash: dataset.hash }, metric, evaluation);
    const worth = metric.name === TOP1.name ? { top1: value } : { metric: metric.name, value };
    await audit(transaction, editor, 'model.evaluate', model.id, { evaluator, ...worth });
    return model;
  });
}

/** Undefined where the data set does not tell. */
export async function testImages({ loaders }: Context, datasetId: string): Promise<number | undefined> {
  return (await loaders.splits.load(datasetId)).find(({ name }) => name === 'test')?.images;
}
