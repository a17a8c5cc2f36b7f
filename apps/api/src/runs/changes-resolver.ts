import { Arg, Ctx, ID, Int, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { CloneRunInput, cancelRuns, cloneRun, retryRuns, setPriority } from './changes.ts';
import { RunType } from './run-resolver.ts';

/** As they are now; `skipped` are those that it did not apply to. */
const RUN_CHANGES = { runs: () => [RunType], skipped: () => [RunType] };

@Resolver()
export class RunChangesResolver {
  @Change(RUN_CHANGES, 'Cancels runs; ended ones are skipped. At most 500. Needs the role editor.')
  cancelRuns(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]) {
    return cancelRuns(context, ids);
  }

  @Change(
    RUN_CHANGES,
    'Retries failed and cancelled runs; others are skipped. At most 500. Needs the role editor.',
  )
  retryRuns(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]) {
    return retryRuns(context, ids);
  }

  @Change(
    RUN_CHANGES,
    "-100..100; among the team's own runs higher ones go first, also those that wait already. Needs the role editor.",
  )
  setPriority(
    @Ctx() context: Context,
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('priority', () => Int) priority: number,
  ) {
    return setPriority(context, ids, priority);
  }

  @Change({ run: () => RunType }, 'Starts a run like another one. Needs the role editor.')
  cloneRun(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => CloneRunInput) edits: CloneRunInput,
  ) {
    return cloneRun(context, id, edits);
  }
}
