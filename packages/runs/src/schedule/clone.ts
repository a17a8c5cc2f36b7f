import { findAllocation, roundsOf } from '@espalier/pruning';
import type { Run, Transaction } from '@espalier/store';
import type { Queue } from '../queue/queue.ts';
import { type RunSpec, specOf } from './plan.ts';
import type { ExperimentContext } from './scheduling.ts';
import { type Author, startRuns } from './start.ts';

/** What is to be different; the rest is as in the run that is cloned. */
export interface RunEdits {
  readonly allocation?: string | undefined;
  readonly criterion?: string | undefined;
  readonly metric?: string | undefined;
  readonly share?: number | undefined;
  /** Of latency, to be left. */
  readonly ms?: number | null | undefined;
  readonly seed?: number | undefined;
  /** Over those of the run. */
  readonly limits?: object | undefined;
  readonly rounds?: number | null | undefined;
  readonly recovery?: object | null | undefined;
}

export function editedSpec(
  run: Run,
  { metric = run.metric, share, ms, limits, ...edits }: RunEdits,
): RunSpec {
  // Whoever gives a share, or another metric, wants no milliseconds any more.
  const left = ms ?? (share === undefined && metric === run.metric ? run.targetMs : null);

  // The rounds that an allocation makes by itself go with it.
  const ownRounds = edits.allocation !== undefined && roundsOf(findAllocation(run.allocation)) === run.rounds;
  const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
  return {
    ...specOf(run),
    ...(ownRounds ? { rounds: null } : {}),
    ...given,
    target: { metric, share: share ?? run.share, ms: left },
    limits: { ...(run.limits as object), ...limits },
  };
}

/**
 * Starts a run like another one.
 *
 * @param experiment where it belongs: that of the other one, or another of the same team
 * @throws {InputError} for an unknown allocation, criterion or target
 */
export async function cloneRun(
  transaction: Transaction,
  queue: Queue,
  run: Run,
  experiment: ExperimentContext,
  edits: RunEdits,
  author: Author | null = null,
): Promise<Run> {
  const options = { priority: run.priority, clonedFrom: run.id, author };
  const [clone] = await startRuns(transaction, queue, experiment, [editedSpec(run, edits)], options);
  if (!clone) throw new Error('one specification makes one run');
  return clone;
}
