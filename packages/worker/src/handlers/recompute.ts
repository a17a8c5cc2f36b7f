import { DECODING_VERSION } from '@espalier/datasets';
import { METRICS } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import { valueBy } from '@espalier/pipeline';
import {
  type ClaimedRecomputation,
  claimRecomputation,
  endRecomputation,
  failRecomputation,
  giveBackRecomputation,
  judgedBy,
  LostClaim,
  metadataOf,
  patiently,
  type RecomputeJob,
  readAsOf,
} from '@espalier/runs';
import { datasetOf, derivedFolder } from './files.ts';
import { CancelledRun, GivenBack, passLost, type WorkerContext } from './handler.ts';
import { toldOf } from './told.ts';

/**
 * Evaluates an imported network again, in a child process; what is found is written beside what was told.
 *
 * @returns what became of it, for people
 */
export async function handleRecompute(
  context: WorkerContext,
  job: RecomputeJob,
  signal: AbortSignal,
): Promise<string> {
  const { prisma } = context.database;
  const claim = await claimRecomputation(prisma, job, context.workerId);
  if (!claim) return 'nothing left to do';
  try {
    return await recompute(context, claim, signal);
  } catch (thrown) {
    const error = signal.aborted ? signal.reason : thrown;
    if (error instanceof CancelledRun) return 'cancelled';
    if (error instanceof LostClaim) return 'lost to another worker, or over';
    if (error instanceof InputError) {
      await failRecomputation(prisma, claim, error.message).catch(passLost);
      return `failed: ${error.message}`;
    }
    if (error instanceof GivenBack) {
      await giveBackRecomputation(prisma, context.queue, claim).catch(passLost);
      return `given back: ${error.message}`;
    }
    throw error;
  }
}

async function recompute(
  context: WorkerContext,
  claim: ClaimedRecomputation,
  signal: AbortSignal,
): Promise<string> {
  const { database, cache, home, engine, threads } = context;
  const { run, dataset, images } = claim;
  const { result, experiment } = run;
  if (!result?.sha256) throw new InputError('its run has no network any more');
  if (!dataset) throw new InputError('its data set was purged');
  const { model } = experiment;
  const { metric } = judgedBy(experiment);
  const notes: string[] = [];
  const computed = await context.compute(
    {
      kind: 'evaluate',
      model: {
        file: await cache.file(result.sha256, MODEL_EXTENSION),
        // What was sent is cut out of the model: it sees images as the model does.
        preprocessing: metadataOf(model),
        name: `${model.name}, as it was sent`,
        ...readAsOf(model),
      },
      data: await datasetOf(cache, dataset),
      place: { home, derived: await derivedFolder(cache, model, dataset), engine, threads },
      images,
    },
    {
      warning: (text) => notes.push(text),
      progress: ({ done }) => {
        // Only told, never relied on.
        const where = { id: claim.id, claim: claim.claim };
        void database.prisma.recomputation.updateMany({ where, data: { done } }).catch(() => {});
      },
    },
    signal,
  );
  if (computed.kind !== 'evaluate') throw new Error('an evaluation gave another result');
  const { quality, drawn, seconds } = computed;
  const { top1, top5, loss, n } = quality;
  const value = valueBy(metric, quality);
  if (value === null)
    throw new InputError(`a worker cannot compute ${METRICS[metric].label} of this network`);
  const told = toldOf(metric, result, { value, n, drawn });
  const found = { ...{ top1, top5, loss, value }, ...told, decoding: DECODING_VERSION, notes, seconds };
  await patiently(
    () => database.prisma.$transaction((transaction) => endRecomputation(transaction, claim, found)),
    signal,
  );
  return `evaluated again on ${n} images`;
}
