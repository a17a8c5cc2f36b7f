import { isOver, tellMayBeDone } from '@espalier/runs';
import { freeArtifacts, type Prisma, type Run, removeFreed, type Transaction } from '@espalier/store';
import { ownItems, ownRuns } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findRecorded, lockedRecorded } from './recorded-run.ts';

/** A wrong run goes whole: with its epochs and its network; its keys may be used again. */
export async function removeRun(context: Context, runId: string): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { id } = await findRecorded(context, runId);
  const { prisma } = context.database;
  const gone = await prisma.$transaction(async (transaction) => {
    const run = await lockedRecorded(transaction, id);
    await removeRuns(transaction, editor.teamId, [run]);
    await audit(transaction, editor, 'run.remove', id, { allocation: run.allocation });
    return run;
  });
  await removeFreed(prisma, context.artifacts);
  return gone;
}

async function removeRuns(
  transaction: Transaction,
  teamId: string,
  runs: readonly Pick<Run, 'id' | 'experimentId' | 'state' | 'deletedAt'>[],
): Promise<void> {
  const ids = runs.map(({ id }) => id);
  const results = await transaction.prunedResult.findMany({
    where: { runId: { in: ids }, sha256: { not: null } },
    select: { sha256: true },
  });
  const bytes = results.flatMap(({ sha256 }) => sha256 ?? []);
  await transaction.clientKey.deleteMany({ where: { teamId, subjectId: { in: ids } } });
  await transaction.run.deleteMany({ where: { id: { in: ids } } });
  // One that has no run any more was made for these.
  const experiments = [...new Set(runs.map(({ experimentId }) => experimentId))];
  await transaction.experiment.deleteMany({
    where: { id: { in: experiments }, origin: 'external', runs: { none: {} } },
  });
  // Those for which nothing else was waited: whatever is left is over.
  const open = runs.filter(({ state, deletedAt }) => !isOver(state) && deletedAt === null);
  await tellMayBeDone(transaction, [...new Set(open.map(({ experimentId }) => experimentId))]);
  // The uploads that brought them have done their work.
  await transaction.upload.deleteMany({ where: { teamId, sha256: { in: bytes } } });
  await freeArtifacts(transaction, bytes);
}

/** What went with an import. */
export interface RemovedImport {
  readonly import: string;
  readonly runs: number;
  /** Of unpruned networks. */
  readonly evaluations: number;
}

const LONG = { timeout: 600_000 } as const;
/** Lists of ids that a statement takes. */
const AT_ONCE = 10_000;

/**
 * A wrong import goes whole: the runs that it made, and what it told of unpruned networks. What was there before it, or
 * was told by another one, too, stays.
 *
 * @throws {FieldError} if there is none, and where some of it is out of reach: then nothing goes
 */
export async function removeImport(context: Context, importId: string): Promise<RemovedImport> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { prisma } = context.database;
  const removed = await prisma.$transaction(async (transaction) => {
    const keys = await transaction.clientKey.findMany({
      where: { teamId, importId },
      select: { key: true, write: true, subjectId: true, content: true },
    });
    if (keys.length === 0) throw new NotFound('there is no such import', 'import');
    const ids = keys.flatMap(({ write, subjectId }) => (write === 'recordRun' ? [subjectId] : []));
    const told = keys.filter(({ write }) => write === 'recordEvaluation');
    await checkReached(
      transaction,
      editor,
      ids,
      told.map(({ subjectId }) => subjectId),
    );
    let runs = 0;
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = await transaction.run.findMany({
        where: { teamId, id: { in: ids.slice(at, at + AT_ONCE) } },
        select: { id: true, experimentId: true, state: true, deletedAt: true },
      });
      await removeRuns(transaction, teamId, some);
      runs += some.length;
    }
    await transaction.clientKey.deleteMany({ where: { teamId, importId } });
    let evaluations = 0;
    for (const { content } of told) evaluations += await forgetBase(transaction, teamId, content);
    const found = { import: importId, runs, evaluations };
    await audit(transaction, editor, 'import.remove', importId, { runs, evaluations });
    return found;
  }, LONG);
  await removeFreed(prisma, context.artifacts);
  return removed;
}

/** Of those that are still there, whether they are in the trash or not. */
async function checkReached(
  transaction: Transaction,
  editor: Viewer,
  runs: readonly string[],
  models: readonly string[],
): Promise<void> {
  if (editor.projectIds === null) return;
  const { teamId } = editor;
  const [allRuns, ownedRuns, allModels, ownedModels] = await Promise.all([
    transaction.run.count({ where: { teamId, id: { in: [...runs] } } }),
    transaction.run.count({ where: { ...ownRuns(editor), id: { in: [...runs] } } }),
    transaction.model.count({ where: { teamId, id: { in: [...models] } } }),
    transaction.model.count({ where: { ...ownItems(editor), id: { in: [...models] } } }),
  ]);
  if (allRuns === ownedRuns && allModels === ownedModels) return;
  throw new Conflict('some of it is in projects that this key cannot reach: use another key', 'import');
}

/** What `recordEvaluation` has kept of a content, unless somebody else told the same. */
async function forgetBase(
  transaction: Transaction,
  teamId: string,
  content: Prisma.JsonValue,
): Promise<number> {
  const { modelId, datasetId, engine, metric } = content as {
    readonly [name in 'modelId' | 'datasetId' | 'engine']: string;
  } & { readonly metric?: string };
  const same = (name: string, value: string) => ({ content: { path: [name], equals: value } });
  const others = await transaction.clientKey.count({
    where: {
      ...{ teamId, write: 'recordEvaluation', subjectId: modelId },
      AND: [same('datasetId', datasetId), same('engine', engine)],
    },
  });
  const dataset = await transaction.dataset.findUnique({ where: { id: datasetId } });
  if (others > 0 || !dataset) return 0;
  const at = { modelId, datasetHash: dataset.hash, split: 'test' };
  const base = await transaction.baseEvaluation.deleteMany({ where: { ...at, engine, decoding: 0 } });
  const value = await transaction.baseValue.deleteMany({
    where: { ...at, evaluator: engine, ...(metric === undefined ? {} : { metric }) },
  });
  return Math.max(base.count, value.count);
}
