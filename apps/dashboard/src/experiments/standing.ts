import { plural } from '#src/format/numbers.ts';
import type { Status } from '#src/format/status.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

export const experimentStanding = graphql(`
  fragment ExperimentStanding on Experiment @_unmask {
    all: runs(first: 1) { totalCount }
    open: runs(first: 1, filter: { state: { not: [FINISHED, FAILED, CANCELLED] } }) { totalCount }
    finished: runs(first: 1, filter: { state: { in: [FINISHED] } }) { totalCount }
    failed: runs(first: 1, filter: { state: { in: [FAILED] } }) { totalCount }
  }
`);

/** How an experiment stands: what matters most of its runs, and how many are done. */
export function standingOf({ all, open, finished, failed }: ResultOf<typeof experimentStanding>): {
  /** Null without a run. */
  readonly status: Status | null;
  readonly word: string;
  readonly runs: string;
} {
  const runs = `${finished.totalCount} of ${plural(all.totalCount, 'run')} done`;
  if (all.totalCount === 0) return { status: null, word: '', runs: 'no run yet' };
  if (open.totalCount > 0) return { status: 'running', word: 'at work', runs };
  if (failed.totalCount > 0) return { status: 'failed', word: `${failed.totalCount} failed`, runs };
  if (finished.totalCount === 0) return { status: 'cancelled', word: 'cancelled', runs };
  return { status: 'done', word: 'done', runs };
}
