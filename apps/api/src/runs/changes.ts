import type { Target } from '@espalier/pruning';
import {
  cancelRuns as cancel,
  cloneRun as clone,
  editedSpec,
  planOf,
  setPriority as prioritise,
  type RunEdits,
  retryRuns as retry,
  SCHEDULING,
} from '@espalier/runs';
import type { Prisma, Run, Transaction } from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { authorOf } from '../access/author.ts';
import { ownItems, ownRuns } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit, auditEach } from '../audit.ts';
import { atInput, FieldError, NotFound, toldAt } from '../errors.ts';
import { checkedPlans, subjectOf } from '../experiments/conditions.ts';
import { WidthLimitsInput } from '../experiments/limits-type.ts';
import { givenRecipe } from '../experiments/recipe-type.ts';
import { given } from '../given.ts';
import type { Context } from '../graphql/context.ts';
import { bytesOf, checkStorage } from '../quotas/quotas.ts';
import { MetricEnum } from './run-enums.ts';
import { checkComputedHere, OF_EXPERIMENT } from './runs.ts';

const MOST_AT_ONCE = 500;

/** Ends runs; those that are over already are skipped. */
export function cancelRuns(context: Context, ids: readonly string[]) {
  return changeRuns(context, ids, 'run.cancel', (transaction) => cancel(transaction, ids));
}

/** Sends runs that failed or were cancelled on their way again; others are skipped. */
export function retryRuns(context: Context, ids: readonly string[]) {
  return changeRuns(context, ids, 'run.retry', async (transaction) => {
    const again = await retry(transaction, context.queue, ids);
    return again.map(({ id }) => id);
  });
}

/** Says which of the team's runs go first. */
export function setPriority(context: Context, ids: readonly string[], priority: number) {
  const change = (transaction: Transaction, { teamId }: Viewer) =>
    prioritise(transaction, teamId, ids, priority);
  return changeRuns(context, ids, 'run.priority', change, { priority });
}

/** Those that it applied to, as they are now, and the others. */
async function changeRuns(
  context: Context,
  ids: readonly string[],
  action: string,
  change: (transaction: Transaction, editor: Viewer) => Promise<readonly string[]>,
  data: Prisma.InputJsonObject = {},
) {
  const editor = requireRole(context.viewer, 'editor');
  await checkOwn(context, editor, ids);
  const { prisma } = context.database;
  const changed = await prisma.$transaction(async (transaction) => {
    const some = await change(transaction, editor);
    await auditEach(transaction, editor, action, some, data);
    return new Set(some);
  }, SCHEDULING);
  const where = { id: { in: [...ids] }, ...ownRuns(editor), deletedAt: null };
  const all = await prisma.run.findMany({ where, orderBy: { id: 'asc' } });
  return {
    runs: all.filter(({ id }) => changed.has(id)),
    skipped: all.filter(({ id }) => !changed.has(id)),
  };
}

@InputType('CloneRunInput', { description: 'The fields to change.' })
export class CloneRunInput {
  @Field(() => String, { nullable: true })
  allocation?: string | null;

  @Field(() => String, { nullable: true })
  criterion?: string | null;

  @Field(() => MetricEnum, { nullable: true })
  metric?: Target['metric'] | null;

  @Field(() => Float, { nullable: true })
  share?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For latency, in place of a share: the milliseconds that may remain.',
  })
  ms?: number | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => WidthLimitsInput, {
    nullable: true,
    description: 'A field that is left out is as in the other one.',
  })
  limits?: WidthLimitsInput | null;

  @Field(() => Int, { nullable: true, description: 'Null: all at once.' })
  rounds?: number | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Null: no training between the rounds.' })
  recovery?: object | null;

  @Field(() => ID, { nullable: true, description: 'The target experiment; default: that of the original.' })
  experimentId?: string | null;
}

/** Starts a run like another one, with edits; in its experiment, or in another one of the team. */
export async function cloneRun(context: Context, id: string, edits: CloneRunInput): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { database, queue } = context;
  const { prisma } = database;
  const run = await prisma.run.findFirst({ where: { id, ...ownRuns(editor), deletedAt: null } });
  if (!run) throw new NotFound('there is no such run', 'id');
  if (run.origin !== 'espalier') {
    throw new FieldError('it is an imported run, and no worker can do the same', 'id');
  }
  const { experimentId, limits, rounds, recovery, ...rest } = edits;
  const experiment = await prisma.experiment.findFirst({
    where: { id: experimentId ?? run.experimentId, ...ownItems(editor), deletedAt: null },
    include: { model: true, profile: true, dataset: { include: { splits: true } } },
  });
  if (!experiment) throw new NotFound('there is no such experiment', 'experimentId');
  checkComputedHere(experiment);
  // What is null is not asked for.
  const changes: RunEdits = {
    ...given(rest),
    ...(limits ? { limits: given(limits) } : {}),
    ...{ rounds, recovery: recovery && givenRecipe(recovery) },
  };
  const paths = { ...OF_EXPERIMENT, target: 'share' };
  const plan = atInput(paths, () => planOf(experiment, editedSpec(run, changes)));
  const subject = subjectOf(experiment.model, experiment.dataset, experiment, experiment.profile);
  const { misfit, shares } = await checkedPlans(context, subject, [plan]);
  if (misfit) throw toldAt(paths, misfit.error);
  // What milliseconds come to depends on the experiment's device.
  const resolved = plan.target.ms === undefined ? {} : { ms: plan.target.ms, share: shares[0] };
  return prisma.$transaction(async (transaction) => {
    const wanted = await bytesOf(transaction, experiment.model.sha256);
    await checkStorage(transaction, context.quotas, { teamId: run.teamId, wanted, field: 'id' });
    const made = await clone(
      transaction,
      queue,
      run,
      experiment,
      { ...changes, ...resolved },
      authorOf(editor),
    );
    await audit(transaction, editor, 'run.clone', made.id, { from: id, experimentId: experiment.id });
    return made;
  }, SCHEDULING);
}

/** @throws {FieldError} for too many, or one that is missing or out of reach: then nothing is changed */
async function checkOwn({ database }: Context, editor: Viewer, ids: readonly string[]): Promise<void> {
  if (ids.length > MOST_AT_ONCE) throw new FieldError(`at most ${MOST_AT_ONCE} runs at once`, 'ids');
  const own = await database.prisma.run.findMany({
    where: { id: { in: [...ids] }, ...ownRuns(editor) },
    select: { id: true },
  });
  const known = new Set(own.map(({ id }) => id));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new NotFound(`there is no such run${ids.length > 1 ? `: ${missing.join(', ')}` : ''}`, 'ids');
  }
}
