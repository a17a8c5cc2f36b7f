import { TOP1 } from '@espalier/engines';
import { finishRecorded, type StoredColumns, stored, written } from '@espalier/runs';
import type { Run } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import { shownMetric } from '../experiments/quality-metric.ts';
import { findUpload } from '../files/uploads.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { takeKey } from './client-key.ts';
import { countedNetwork } from './counted-network.ts';
import { checkedEvaluation, type EvaluationInput, evaluationContent } from './evaluation.ts';
import { checkValue } from './judged.ts';
import { checkOpen, findRecorded, lockedRecorded, testImages } from './recorded-run.ts';
import { inTransaction } from './rehearsal.ts';

interface FinishInput {
  readonly key: string;
  readonly runId: string;
  /** Of the network; null if only numbers are told. */
  readonly uploadId: string | null;
  /** Of one whose network is not sent, as they were counted elsewhere. */
  readonly params: number | null;
  readonly macs: number | null;
  readonly evaluation: EvaluationInput;
  /** Right after the cut, by the same evaluator: top-1, and by the metric of the run where that is another one. */
  readonly prunedTop1: number | null;
  readonly prunedValue: number | null;
  /** Whether it is only checked. */
  readonly dryRun: boolean;
}

/** The network of a result: counted here, or as it was told. */
interface Outcome {
  readonly evidence: 'structureVerified' | 'reported';
  readonly sha256: string | null;
  readonly networkHash: string | null;
  readonly params: number;
  readonly macs: number;
  readonly structure: StoredColumns['PrunedResult']['structure'];
  /** Of its file. */
  readonly mediaType?: string;
}

/**
 * Ends an imported run. With its network, what that costs is counted here, and its widths have to be
 * those that the run was begun with; without it, params and MACs are those that are told.
 */
export async function finishRun(context: Context, input: FinishInput): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { database } = context;
  const { key, prunedTop1, prunedValue } = input;
  const recorded = await findRecorded(context, input.runId);
  const { id } = recorded;
  const experiment = await nodeAt('exp', context, recorded.experimentId);
  const model = experiment && (await nodeAt('model', context, experiment.modelId));
  if (!experiment || !model) throw new NotFound('there is no such run', 'runId');
  const sha256 = await sentNetwork(context, input);
  const judged = shownMetric(experiment);
  const images = await testImages(context, experiment.datasetId);
  const { evaluation } = checkedEvaluation(input.evaluation, images, judged);
  if (prunedTop1 !== null && !(prunedTop1 >= 0 && prunedTop1 <= 1)) {
    throw new FieldError('a share of the images is 0 to 1', 'prunedTop1');
  }
  const isTop1 = judged.name === TOP1.name;
  if (prunedValue !== null) {
    if (isTop1) throw new FieldError('the metric of the run is top-1: give prunedTop1', 'prunedValue');
    checkValue(judged, prunedValue, 'prunedValue');
  }
  const told = sha256 === null ? await toldNetwork(context, recorded, model, input) : null;
  // What is told again is not read again.
  const counted =
    sha256 !== null && recorded.state === 'recording'
      ? await countedNetwork(context, recorded, model, sha256)
      : null;
  const outcome = told ?? (counted && { ...counted, sha256, evidence: 'structureVerified' as const });
  const finished = await inTransaction(database.prisma, input.dryRun, async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    const content = {
      ...{ runId: id, sha256, prunedTop1, evaluation: evaluationContent(judged, evaluation) },
      ...(prunedValue === null ? {} : { prunedValue }),
      ...(told ? { params: told.params, macs: told.macs } : {}),
    };
    const write = { teamId: editor.teamId, key, write: 'finishRun', content };
    const { isNew } = await takeKey(transaction, write, id);
    if (!isNew) return run;
    checkOpen(run);
    if (!outcome) throw new Error(`run ${id} is open again`);
    const { structure, mediaType, ...network } = outcome;
    if (sha256 !== null && mediaType !== undefined) {
      await transaction.artifact.update({ where: { sha256 }, data: { mediaType } });
    }
    const { params, macs } = network;
    await finishRecorded(transaction, run, {
      ...network,
      ...{ savedParams: 1 - params / Number(model.params), savedMacs: 1 - macs / Number(model.macs) },
      ...{ ...evaluation, prunedTop1, prunedValue: isTop1 ? prunedTop1 : prunedValue },
      ...written('PrunedResult', {
        ...{ structure, trace: [], rounds: null, recovery: null, repair: null, latency: null },
        // It was made by what its run's source tells.
        ...{ provenance: {}, seconds: {} },
      }),
    });
    const { top1, value } = evaluation;
    const { evidence } = network;
    await audit(transaction, editor, 'run.finish', id, {
      ...{ sha256, evidence },
      ...(isTop1 ? { top1 } : { value }),
    });
    return transaction.run.findUniqueOrThrow({ where: { id } });
  });
  return input.dryRun ? recorded : finished;
}

/** The hash of what was uploaded; null if nothing was. */
async function sentNetwork(
  { viewer, database }: Context,
  { uploadId, params, macs }: FinishInput,
): Promise<string | null> {
  if (uploadId === null) return null;
  for (const [field, told] of Object.entries({ params, macs })) {
    if (told !== null) throw new FieldError('it is counted from the network: leave it out', field);
  }
  const upload = await findUpload({ database }, requireRole(viewer, 'editor'), uploadId);
  if (!upload?.sha256) throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  return upload.sha256;
}

/**
 * What a network costs by those who have it.
 *
 * @throws {FieldError} where that is not told, or is more than the unpruned one has
 */
async function toldNetwork(
  { loaders }: Context,
  run: Run,
  model: NarrowModel,
  { params, macs }: FinishInput,
): Promise<Outcome> {
  const base = { params: Number(model.params), macs: Number(model.macs) };
  const [checkedParams, checkedMacs] = (['params', 'macs'] as const).map((field) => {
    const told = { params, macs }[field];
    if (told === null) throw new FieldError('give it if no network is sent', field);
    if (Number.isSafeInteger(told) && told >= 1 && told <= base[field]) return told;
    const hint = field === 'macs' ? '; a MAC is two FLOPs' : '';
    throw new FieldError(
      `the unpruned network has ${base[field].toLocaleString('en')}: give 1 to as many, not ${told.toLocaleString('en')}${hint}`,
      field,
    );
  }) as [number, number];
  const kept = stored('Run', 'structure', run.structure);
  const { groups = [] } = (kept && (await loaders.summary.load(model.id))) ?? {};
  const structure = groups
    .filter(({ reason }) => !reason)
    .map(({ id: group, width }) => {
      const all = Array.from({ length: width }, (_, unit) => unit);
      const units = kept?.find((each) => each.group === group)?.kept ?? all;
      return { group, before: width, after: units.length, kept: [...units] };
    });
  return {
    evidence: 'reported',
    ...{ sha256: null, networkHash: null, structure, params: checkedParams, macs: checkedMacs },
  };
}
