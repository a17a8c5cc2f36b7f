import { cancelRecomputation, SCHEDULING, startRecomputation } from '@espalier/runs';
import type { Run } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { withPixels } from '../datasets/manifests.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import { shownMetric } from '../experiments/quality-metric.ts';
import type { Context } from '../graphql/context.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { checkRecomputed } from '../quotas/quotas.ts';
import { findRecorded, lockedRecorded, testImages } from './recorded-run.ts';

/** By labels, which the platform has. */
const RECOMPUTED: readonly string[] = ['top1', 'top5', 'loss'];

interface Wanted {
  readonly runId: string;
  /** Of the test split; null for all. */
  readonly images: number | null;
}

/** Has a worker evaluate the network of an imported run again, on test images that the platform has. */
export async function recomputeRun(context: Context, { runId, images }: Wanted): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { database, queue, quotas, loaders } = context;
  const { id, experimentId } = await findRecorded(context, runId);
  const result = await loaders.result.load(id);
  if (!result?.sha256) {
    const why = result ? ': only its numbers were reported' : ' yet: finish it with one first';
    throw new Conflict(`it has no network${why}`, 'runId');
  }
  const experiment = await nodeAt('exp', context, experimentId);
  const told = experiment && (await nodeAt('data', context, experiment.datasetId));
  if (!experiment || !told) throw new NotFound('there is no such run', 'runId');
  const { name, label } = shownMetric(experiment);
  if (!RECOMPUTED.includes(name)) {
    throw new FieldError(
      `its metric is ${label}: workers can only evaluate ${RECOMPUTED.join(', ')} again`,
      'runId',
    );
  }
  const dataset = await withPixels(database.prisma, told);
  if (!dataset) {
    throw new Conflict(
      `the platform has no pixels of "${told.name}": register a data set with the same images and labels, which is then recognised`,
      'runId',
    );
  }
  const available = (await testImages(context, dataset.id)) ?? 0;
  const wanted = images ?? available;
  if (!(wanted >= 1 && wanted <= available)) {
    const there = `the test split has ${available.toLocaleString('en')} images`;
    throw new FieldError(`${there}: give 1 to as many, not ${wanted.toLocaleString('en')}`, 'images');
  }
  return database.prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    const open = { runId: id, state: { in: ['waiting' as const, 'running' as const] } };
    if ((await transaction.recomputation.count({ where: open })) > 0) {
      throw new Conflict('its network is being evaluated again already', 'runId');
    }
    await checkRecomputed(transaction, quotas, { teamId, wanted, field: 'images' });
    await audit(transaction, editor, 'run.recompute', id, { images: wanted, dataset: dataset.id });
    await startRecomputation(transaction, queue, {
      teamId,
      runId: id,
      datasetId: dataset.id,
      images: wanted,
    });
    return run;
  }, SCHEDULING);
}

/** Ends the evaluation that is under way; what was found by an earlier one stays. */
export async function cancelRecomputing(context: Context, runId: string): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { id } = await findRecorded(context, runId);
  return context.database.prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    if (!(await cancelRecomputation(transaction, id))) {
      throw new Conflict('its network is not being evaluated again', 'runId');
    }
    await audit(transaction, editor, 'run.recompute-cancel', id);
    return run;
  });
}
