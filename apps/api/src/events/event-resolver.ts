import type { RunEvent } from '@espalier/store';
import { Arg, Field, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { WorkerType } from '../operations/operations-resolver.ts';
import { ProgressType } from '../runs/progress.ts';
import { RunType } from '../runs/run-resolver.ts';
import { type ExperimentNews, followExperiment } from './experiment-events.ts';
import { RunEventType, shownEvent } from './run-event-types.ts';
import { followRun } from './run-events.ts';
import { followWorkers, WORKER_NEWS, type WorkerNews, type WorkerNewsKind } from './worker-events.ts';

@ObjectType('ExperimentEvent', {
  description: 'Something of a run of an experiment: an event, or how far it is.',
})
class ExperimentEventType {
  @Field(() => RunType)
  run!: RunType;

  @Field(() => String, { nullable: true, description: 'Resume after this event; null before the first one.' })
  cursor!: string | null;

  @Field(() => RunEventType, { nullable: true })
  event!: RunEventType | null;

  @Field(() => ProgressType, {
    nullable: true,
    description: 'The current state; steps in between are left out.',
  })
  progress!: ProgressType | null;
}

const WorkerEventKindEnum = enumType('WorkerEventKind', WORKER_NEWS, 'What happened to a worker.', {
  present: 'It was there when the stream began.',
  back: 'It was lost and is heard of again.',
});

@ObjectType('WorkerEvent', { description: 'What happened to a worker.' })
class WorkerEventType {
  @Field(() => WorkerEventKindEnum)
  kind!: WorkerNewsKind;

  @Field(() => WorkerType)
  worker!: WorkerType;
}

const STREAM = 'Over server-sent events at /graphql/stream.';

@Resolver()
export class EventResolver {
  @Subscription(() => RunEventType, {
    description: `${STREAM} Resume with the last \`seq\` that was read.`,
    subscribe: ({ args, context }: { args: { runId: string; afterSeq: number }; context: Context }) =>
      followRun(context, args.runId, args.afterSeq, context.signal),
  })
  runEvents(
    @Root() event: RunEvent,
    @Arg('runId', () => ID) _runId: string,
    @Arg('afterSeq', () => Int, { defaultValue: 0 }) _afterSeq: number,
  ): RunEventType {
    return shownEvent(event);
  }

  @Subscription(() => ExperimentEventType, {
    description: `${STREAM} Events of all runs of an experiment, and their progress. Resume with the last \`cursor\` that was read.`,
    subscribe: ({
      args,
      context,
    }: {
      args: { experimentId: string; after?: string | null };
      context: Context;
    }) => followExperiment(context, args.experimentId, args.after ?? null, context.signal),
  })
  experimentEvents(
    @Root() news: ExperimentNews,
    @Arg('experimentId', () => ID) _experimentId: string,
    @Arg('after', () => String, { nullable: true }) _after?: string | null,
  ): Omit<ExperimentNews, 'event'> & Pick<ExperimentEventType, 'event'> {
    return { ...news, event: news.event && shownEvent(news.event) };
  }

  @Subscription(() => WorkerEventType, {
    description: `${STREAM} First all workers, then each change of a worker.`,
    subscribe: ({ context }: { context: Context }) => followWorkers(context, context.signal),
  })
  workerEvents(@Root() news: WorkerNews): WorkerNews {
    return news;
  }
}
