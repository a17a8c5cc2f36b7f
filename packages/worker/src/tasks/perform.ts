import { openEngine } from '@espalier/engines';
import {
  analyseOn,
  type Observer,
  onBench,
  prunePlan,
  readModel,
  sampleShardOn,
  type Workplace,
} from '@espalier/pipeline';
import type { RunTask, ShardTask, Task, TaskResult } from './task.ts';

/** Training steps from one checkpoint on this machine to the next. */
const CHECKPOINT_EVERY = 100;

export function perform(task: Task, observer: Observer): Promise<TaskResult> {
  if (task.kind === 'engine') return engineHere();
  const place: Workplace = { ...task.place, checkpointEvery: CHECKPOINT_EVERY, tuning: ONE_PROCESS };
  return task.kind === 'shard' ? sampleShare(task, place, observer) : prune(task, place, observer);
}

async function engineHere(): Promise<TaskResult> {
  const engine = await openEngine('auto');
  await engine.dispose();
  return { kind: 'engine', name: engine.name };
}

/** The worker's processes are what fills the cores. */
const ONE_PROCESS = { processes: 1 };

async function sampleShare(
  { plan, share }: ShardTask,
  place: Workplace,
  observer: Observer,
): Promise<TaskResult> {
  const { model, data, criterion, sampling } = plan;
  if (data === null) throw new Error('a sampling needs images');
  const network = await readModel(model.file, model.preprocessing, observer, model.name);
  return onBench(network, data, place, observer, async (bench) => {
    const { seed, allowInexact } = sampling;
    const analysis = await analyseOn(bench, { criterion, seed, allowInexact }, place, observer);
    const shard = await sampleShardOn(bench, analysis, sampling, share, place, observer);
    return { kind: 'shard', shard };
  });
}

async function prune(
  { plan, sweep, checkpoint, out }: RunTask,
  place: Workplace,
  observer: Observer,
): Promise<TaskResult> {
  const given = { sweep: sweep ?? undefined, checkpoint, out };
  const { result } = await prunePlan(plan, place, observer, given);
  return { kind: 'run', result };
}
