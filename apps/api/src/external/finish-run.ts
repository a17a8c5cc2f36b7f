import { TOP1 } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { finishRecorded, stored, written } from '@espalier/runs';
import { ArtifactCache, freeArtifacts, type Run, removeFreed } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import { shownMetric } from '../experiments/quality-metric.ts';
import { findUpload } from '../files/uploads.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { takeKey } from './client-key.ts';
import { checkedEvaluation, type EvaluationInput, evaluationContent } from './evaluation.ts';
import { checkValue } from './judged.ts';
import { checkOpen, findRecorded, lockedRecorded, testImages } from './recorded-run.ts';

interface FinishInput {
  readonly key: string;
  readonly runId: string;
  readonly uploadId: string;
  readonly evaluation: EvaluationInput;
  /** Right after the cut, by the same evaluator: top-1, and by the metric of the run where that is another one. */
  readonly prunedTop1: number | null;
  readonly prunedValue: number | null;
}

/**
 * Ends a run that was computed elsewhere with its network: what it costs is counted here, and its widths have to be
 * those that the run was begun with.
 */
export async function finishRun(context: Context, input: FinishInput): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { database } = context;
  const { key, prunedTop1 } = input;
  const prunedValue = input.prunedValue ?? null;
  const recorded = await findRecorded(context, input.runId);
  const { id } = recorded;
  const experiment = await nodeAt('exp', context, recorded.experimentId);
  const model = experiment && (await nodeAt('model', context, experiment.modelId));
  if (!experiment || !model) throw new NotFound('there is no such run', 'runId');
  const upload = await findUpload({ database }, editor, input.uploadId);
  if (!upload?.sha256) throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  const { sha256 } = upload;
  const judged = shownMetric(experiment);
  const images = await testImages(context, experiment.datasetId);
  const { evaluation } = checkedEvaluation(input.evaluation, images, judged);
  if (prunedTop1 !== null && !(prunedTop1 >= 0 && prunedTop1 <= 1)) {
    throw new FieldError('a share of the images is 0 to 1', 'prunedTop1');
  }
  const isTop1 = judged.name === TOP1.name;
  if (prunedValue !== null) {
    if (isTop1) throw new FieldError('the run is judged by top-1: give prunedTop1', 'prunedValue');
    checkValue(judged, prunedValue, 'prunedValue');
  }
  // What is told again is not read again.
  const counted =
    recorded.state === 'recording' ? await countedNetwork(context, recorded, model, sha256) : null;
  return database.prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    const content = {
      ...{ runId: id, sha256, prunedTop1, evaluation: evaluationContent(judged, evaluation) },
      ...(prunedValue === null ? {} : { prunedValue }),
    };
    const write = { teamId: editor.teamId, key, write: 'finishRun', content };
    const { isNew } = await takeKey(transaction, write, id);
    if (!isNew) return run;
    checkOpen(run);
    if (!counted) throw new Error(`run ${id} is open again`);
    const { networkHash, params, macs, structure } = counted;
    await finishRecorded(transaction, run, {
      ...{ sha256, networkHash, params, macs, evidence: 'structureVerified' },
      ...{ savedParams: 1 - params / Number(model.params), savedMacs: 1 - macs / Number(model.macs) },
      ...{ ...evaluation, prunedTop1, prunedValue: isTop1 ? prunedTop1 : prunedValue },
      ...written('PrunedResult', {
        ...{ structure, trace: [], rounds: null, recovery: null, repair: null, latency: null },
        // It was made by what its run's source tells.
        ...{ provenance: {}, seconds: {} },
      }),
    });
    const { top1, value } = evaluation;
    await audit(transaction, editor, 'run.finish', id, { sha256, ...(isTop1 ? { top1 } : { value }) });
    return transaction.run.findUniqueOrThrow({ where: { id } });
  });
}

/** In the process that reads files. */
async function countedNetwork(
  { artifacts, home, reading }: Context,
  run: Run,
  model: NarrowModel,
  sha256: string,
) {
  const kept = stored('Run', 'structure', run.structure) ?? [];
  const files = { sent: 'the network', base: model.name };
  try {
    return await reading.read(run.teamId, async () => {
      const cache = new ArtifactCache(artifacts, home);
      files.sent = await cache.file(sha256, '.onnx');
      files.base = await cache.file(model.sha256, '.onnx');
      return { kind: 'prunedNetwork', file: files.sent, base: files.base, kept };
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const said = error.message.replaceAll(files.sent, 'the network').replaceAll(files.base, model.name);
    throw new FieldError(said, 'uploadId');
  }
}

/** A wrong import goes whole: the run with its epochs and its network; its keys may be used again. */
export async function removeRun(context: Context, runId: string): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { id, teamId, experimentId } = await findRecorded(context, runId);
  const { prisma } = context.database;
  const gone = await prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    const result = await transaction.prunedResult.findUnique({ where: { runId: id } });
    const bytes = result ? [result.sha256] : [];
    await transaction.clientKey.deleteMany({ where: { teamId, subjectId: id } });
    await transaction.run.delete({ where: { id } });
    // One that has no run any more was made for this one.
    await transaction.experiment.deleteMany({
      where: { id: experimentId, origin: 'external', runs: { none: {} } },
    });
    // The upload that brought it has done its work.
    await transaction.upload.deleteMany({ where: { teamId, sha256: { in: bytes } } });
    await freeArtifacts(transaction, bytes);
    await audit(transaction, editor, 'run.remove', id, { allocation: run.allocation });
    return run;
  });
  await removeFreed(prisma, context.artifacts);
  return gone;
}
