import type { Target } from '@espalier/pruning';
import type { Run } from '@espalier/store';
import type { Also, ExperimentContext, Scheduling } from './scheduling.ts';
import { startRuns } from './start.ts';

/** What is to be different; the rest is as in the run that is cloned. */
export interface RunEdits {
  readonly allocation?: string | undefined;
  readonly criterion?: string | undefined;
  readonly metric?: Target['metric'] | undefined;
  readonly share?: number | undefined;
  readonly seed?: number | undefined;
}

/**
 * Starts a run like another one.
 *
 * @param experiment where it belongs: that of the other one, or another of the same team
 * @throws {InputError} for an unknown allocation, criterion or target
 */
export async function cloneRun(
  scheduling: Scheduling,
  run: Run,
  experiment: ExperimentContext,
  edits: RunEdits,
  also: Also<Run> = async () => {},
): Promise<Run> {
  const spec = {
    allocation: edits.allocation ?? run.allocation,
    criterion: edits.criterion ?? run.criterion,
    target: { metric: edits.metric ?? (run.metric as Target['metric']), share: edits.share ?? run.share },
    seed: edits.seed ?? run.seed,
  };
  const [clone] = await startRuns(
    scheduling,
    experiment,
    [spec],
    async (transaction, [made]) => {
      if (made) await also(transaction, made);
    },
    { priority: run.priority, origin: { clonedFrom: run.id } },
  );
  if (!clone) throw new Error('one specification makes one run');
  return clone;
}
