import type { Target } from '@espalier/pruning';
import {
  cancelRuns as cancel,
  cloneRun as clone,
  editedSpec,
  setPriority as prioritise,
  type RunEdits,
  retryRuns as retry,
  SCHEDULING,
} from '@espalier/runs';
import type { Run } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { atInput, FieldError } from '../errors.ts';
import { checkRun, subjectOf } from '../experiments/conditions.ts';
import { givenLimits, type WidthLimitsInput } from '../experiments/limits-type.ts';
import type { Context } from '../graphql/context.ts';

const MOST_AT_ONCE = 500;

/** What came of a change to many runs. */
export interface RunChanges {
  /** As they are now. */
  readonly changed: readonly Run[];
  /** Ids of those that it did not apply to. */
  readonly skipped: readonly string[];
}

/** Ends runs; those that are over already are skipped. */
export async function cancelRuns(context: Context, ids: readonly string[]): Promise<RunChanges> {
  const editor = requireRole(context.viewer, 'editor');
  await checkOwn(context, editor, ids);
  const changed = await context.database.prisma.$transaction(async (transaction) => {
    const cancelled = await cancel(transaction, ids);
    for (const id of cancelled) await audit(transaction, editor, 'run.cancel', id);
    return cancelled;
  }, SCHEDULING);
  return changes(context, ids, changed);
}

/** Sends runs that failed or were cancelled on their way again; others are skipped. */
export async function retryRuns(context: Context, ids: readonly string[]): Promise<RunChanges> {
  const editor = requireRole(context.viewer, 'editor');
  await checkOwn(context, editor, ids);
  const { queue, database } = context;
  const changed = await database.prisma.$transaction(async (transaction) => {
    const again = (await retry(transaction, queue, ids)).map(({ id }) => id);
    for (const id of again) await audit(transaction, editor, 'run.retry', id);
    return again;
  }, SCHEDULING);
  return changes(context, ids, changed);
}

/** Says which of the team's runs go first. */
export async function setPriority(
  context: Context,
  ids: readonly string[],
  priority: number,
): Promise<RunChanges> {
  const editor = requireRole(context.viewer, 'editor');
  await checkOwn(context, editor, ids);
  const changed = await context.database.prisma.$transaction(async (transaction) => {
    const runs = await prioritise(transaction, editor.teamId, ids, priority);
    for (const id of runs) await audit(transaction, editor, 'run.priority', id, { priority });
    return runs;
  }, SCHEDULING);
  return changes(context, ids, changed);
}

export interface CloneInput {
  readonly allocation?: string | null | undefined;
  readonly criterion?: string | null | undefined;
  readonly metric?: Target['metric'] | null | undefined;
  readonly share?: number | null | undefined;
  readonly seed?: number | null | undefined;
  readonly experimentId?: string | null | undefined;
  readonly limits?: WidthLimitsInput | null | undefined;
  /** Null for what the allocation does by itself. */
  readonly rounds?: number | null | undefined;
  /** Null for none. */
  readonly recovery?: object | null | undefined;
}

/** Starts a run like another one, with edits; in its experiment, or in another one of the team. */
export async function cloneRun(context: Context, id: string, edits: CloneInput): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { database, queue } = context;
  const { prisma } = database;
  const run = await prisma.run.findFirst({ where: { id, teamId, deletedAt: null } });
  if (!run) throw new FieldError('there is no such run', 'id');
  const { experimentId, limits, rounds, recovery, ...rest } = edits;
  const experiment = await prisma.experiment.findFirst({
    where: { id: experimentId ?? run.experimentId, teamId, deletedAt: null },
    include: { model: true, dataset: { include: { splits: true } } },
  });
  if (!experiment) throw new FieldError('there is no such experiment', 'experimentId');
  // What is null is not asked for.
  const given: RunEdits = {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)),
    ...(limits ? { limits: givenLimits(limits) } : {}),
    ...{ rounds, recovery },
  };
  const subject = await subjectOf(context, experiment.model, experiment.dataset, experiment);
  atInput({ target: 'share', sampling: 'experimentId' }, () =>
    checkRun(experiment, editedSpec(run, given), subject),
  );
  return prisma.$transaction(async (transaction) => {
    const made = await clone(transaction, queue, run, experiment, given);
    await audit(transaction, editor, 'run.clone', made.id, { from: id, experimentId: experiment.id });
    return made;
  }, SCHEDULING);
}

/** @throws {FieldError} for too many, or one that is missing or another team's: then nothing is changed */
async function checkOwn({ database }: Context, { teamId }: Viewer, ids: readonly string[]): Promise<void> {
  if (ids.length > MOST_AT_ONCE) throw new FieldError(`at most ${MOST_AT_ONCE} runs at once`, 'ids');
  const own = await database.prisma.run.findMany({
    where: { id: { in: [...ids] }, teamId },
    select: { id: true },
  });
  const known = new Set(own.map(({ id }) => id));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new FieldError(`there is no such run${ids.length > 1 ? `: ${missing.join(', ')}` : ''}`, 'ids');
  }
}

async function changes(
  { database }: Context,
  ids: readonly string[],
  changed: readonly string[],
): Promise<RunChanges> {
  const done = new Set(changed);
  return {
    changed: await database.prisma.run.findMany({ where: { id: { in: [...done] } }, orderBy: { id: 'asc' } }),
    skipped: [...new Set(ids)].filter((id) => !done.has(id)),
  };
}
