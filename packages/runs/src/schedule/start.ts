import { withWidths } from '@espalier/pipeline';
import { newId, type Run, type Transaction } from '@espalier/store';
import { stored, written } from '../columns.ts';
import { announce, eventRow } from '../life-cycle/events.ts';
import type { Queue } from '../queue/queue.ts';
import { sendRuns, sendShards } from '../queue/send.ts';
import { chooseEngine } from './engine.ts';
import { planOf, type RunSpec } from './plan.ts';
import { checkTeamRuns } from './quota.ts';
import { samplingsFor } from './sampling.ts';
import { checkPriority, type ExperimentContext } from './scheduling.ts';

/** Who makes a run or an experiment. */
export interface Author {
  /** A user's id. */
  readonly createdById: string;
  /** The name of the API key that they use; null for somebody who is signed in. */
  readonly createdByKey: string | null;
}

export interface StartOptions {
  /** Null where nobody is known. */
  readonly author?: Author | null;
  /** -100..100: among the team's own runs, higher ones go first. */
  readonly priority?: number;
  /** The id of the run that they are made like; the event that tells of their making says it. */
  readonly clonedFrom?: string | null;
}

/**
 * Starts runs: each of them, the sampling that it uses (one for all that can share it, found again if it was
 * done before) and their jobs.
 *
 * @throws {InputError} for an unknown allocation, criterion or target, a priority that there is not, or more runs than
 * a team may have under way
 */
export async function startRuns(
  transaction: Transaction,
  queue: Queue,
  experiment: ExperimentContext,
  wanted: readonly RunSpec[],
  { priority = 0, clonedFrom = null, author = null }: StartOptions = {},
): Promise<Run[]> {
  const plans = wanted.map((spec) => planOf(experiment, spec));
  const groups = prunableGroups(experiment);
  checkPriority(priority);
  const engine = await chooseEngine(transaction);
  const samplings = await samplingsFor(transaction, experiment, plans, engine);
  const rows = plans.map((plan) => {
    const { allocation, criterion, target, rounds, recovery, seed } = plan;
    if (target.share === undefined) throw new Error('milliseconds need the share that they mean');
    // Those that pay on a device are put down where its profile is read: with the run.
    const limits = plan.profile === null ? withWidths(plan.limits, groups) : plan.limits;
    const sampling = samplings.of(plan);
    const waits = sampling !== undefined && sampling.state !== 'done';
    return {
      id: newId('run'),
      teamId: experiment.teamId,
      experimentId: experiment.id,
      samplingRunId: sampling?.id ?? null,
      ...author,
      ...{
        allocation,
        criterion,
        metric: target.metric,
        share: target.share,
        targetMs: target.ms ?? null,
        limits,
        rounds,
        seed,
        engine,
        priority,
      },
      ...written('Run', { recovery, source: null, structure: null }),
      state: waits ? ('sampling' as const) : ('queued' as const),
    };
  });
  const runs = await transaction.run.createManyAndReturn({ data: rows });
  await transaction.runEvent.createMany({
    data: runs.map(({ id: runId, state, allocation, criterion, seed }) => {
      return eventRow(runId, 1, { kind: 'created', state, allocation, criterion, seed, clonedFrom });
    }),
  });
  await announce(
    transaction,
    rows.map(({ id }) => id),
  );
  await sendShards(transaction, queue, samplings.open);
  await sendRuns(
    transaction,
    queue,
    runs.filter(({ state }) => state === 'queued'),
  );
  await checkTeamRuns(transaction, queue, experiment.teamId);
  return runs;
}

/** Of a model registered before they were kept none: then its widths are put down when the run is computed. */
function prunableGroups({ model, allowInexact }: ExperimentContext) {
  const { groups = [] } = stored('Model', 'summary', model.summary);
  return groups.filter(({ reason, inexact }) => !reason || (inexact === true && allowInexact));
}
