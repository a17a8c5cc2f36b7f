import type { RunEvent } from '@espalier/store';
import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { RunEventType } from '../runs/run-resolver.ts';
import { followRun } from './run-events.ts';

@Resolver()
export class EventResolver {
  @Subscription(() => RunEventType, {
    description: 'Over server-sent events at /graphql/stream. Resume with the last `seq` that was read.',
    subscribe: ({ args, context }: { args: { runId: string; afterSeq: number }; context: Context }) =>
      followRun(context, args.runId, args.afterSeq, context.signal),
  })
  runEvents(
    @Root() event: RunEvent,
    @Arg('runId', () => ID) _runId: string,
    @Arg('afterSeq', () => Int, { defaultValue: 0 }) _afterSeq: number,
  ): RunEvent {
    return event;
  }
}
