import type { EngineName } from '@espalier/engines';
import { engineOf, isAtWork, isOver, type Pace, paceOf, stagesOf } from '@espalier/runs';
import type { Run, RunState, SamplingShard } from '@espalier/store';
import { Field, Float, ObjectType } from 'type-graphql';
import type { Loaders } from '../graphql/loaders.ts';
import { EngineEnum } from './engine-enum.ts';
import { RunStateEnum } from './run-enums.ts';

@ObjectType('Progress', {
  description:
    'Progress of the current stage. A run that waits for its sampling shows the progress of the sampling, over all parts.',
})
export class ProgressType implements Pace {
  @Field(() => RunStateEnum)
  stage!: RunState;

  @Field(() => EngineEnum, {
    nullable: true,
    description: 'Its engine, if it waits and there is no worker for that engine.',
  })
  waitsFor!: EngineName | null;

  @Field(() => Boolean, {
    description: 'Whether it waits for a free worker: none is at the run, nor at any part of its sampling.',
  })
  waits!: boolean;

  @Field(() => Float)
  done!: number;

  @Field(() => Float, { description: '0 if nothing is counted.' })
  total!: number;

  @Field(() => Float, { nullable: true, description: 'Null until it can be estimated.' })
  ratePerSecond!: number | null;

  @Field(() => Float, { nullable: true })
  secondsLeft!: number | null;
}

const NOTHING: Pace = { done: 0, total: 0, ratePerSecond: null, secondsLeft: null };

/** One that waits for its sampling shows how far all the shares of it are. */
export async function progressOf(run: Run, loaders: Loaders): Promise<ProgressType> {
  const { state: stage } = run;
  const isNoWorkers = isAtWork(run) || isOver(stage) || run.origin !== 'espalier';
  const waitsFor = isNoWorkers ? null : await missingWorker(engineOf(run), loaders);
  if (stage === 'sampling' && run.samplingRunId !== null) {
    const shards = await loaders.shards.load(run.samplingRunId);
    const waits = shards.every(({ state }) => state === 'waiting');
    return { stage, waitsFor, waits, ...samplingPace(shards) };
  }
  if (!isAtWork(run)) return { stage, waitsFor, waits: stage === 'queued', ...NOTHING };
  const part = {
    ...{ done: Number(run.done), total: Number(run.total), from: Number(run.sinceDone) },
    ...{ since: run.since, at: run.heartbeatAt },
  };
  return { stage, waitsFor, waits: false, ...paceOf([part]) };
}

async function missingWorker(engine: EngineName, { takers }: Loaders): Promise<EngineName | null> {
  return (await takers.load(engine)) > 0 ? null : engine;
}

function samplingPace(shards: readonly SamplingShard[]): Pace {
  return paceOf(
    shards.map(({ done, total, since, sinceDone, toldAt, state }) => ({
      ...{ done, total, since, from: sinceDone, at: toldAt, over: state === 'done' },
    })),
  );
}

/** `seconds` until now for one that is running; `done` of `total` where that is counted. */
export async function runStages(run: Run, loaders: Loaders) {
  const [events, progress] = await Promise.all([loaders.stageEvents.load(run.id), progressOf(run, loaders)]);
  return stagesOf(events).map((stage) => {
    const counted = stage.state === 'running' && progress.total > 0;
    return {
      ...stage,
      seconds: ((stage.finishedAt ?? new Date()).getTime() - stage.startedAt.getTime()) / 1000,
      done: counted ? progress.done : null,
      total: counted ? progress.total : null,
    };
  });
}
