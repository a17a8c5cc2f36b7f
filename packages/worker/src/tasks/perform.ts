import path from 'node:path';
import { samplePermutation } from '@espalier/datasets';
import { evaluate, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { writeNetwork } from '@espalier/formats';
import { profileDevice, stairsOf } from '@espalier/latency';
import { channelMap } from '@espalier/network';
import {
  analyseOn,
  type Bench,
  counting,
  type Observer,
  onBench,
  openEngineOf,
  type PrunePlan,
  prunePlan,
  type RepairStore,
  readModel,
  sampleShardOn,
  type Workplace,
} from '@espalier/pipeline';
import type {
  EvaluateTask,
  KeptRepair,
  ProfilingTask,
  RunTask,
  ShardTask,
  Task,
  TaskObserver,
  TaskResult,
} from './task.ts';

/** Training steps from one checkpoint on this machine to the next. */
const CHECKPOINT_EVERY = 100;

export function perform(task: Task, observer: TaskObserver): Promise<TaskResult> {
  if (task.kind === 'engine') return engineHere();
  if (task.kind === 'profiling') return profileHere(task, observer);
  const place: Workplace = { ...task.place, checkpointEvery: CHECKPOINT_EVERY, tuning: ONE_PROCESS };
  switch (task.kind) {
    case 'shard':
      return sampleShare(task, place, observer);
    case 'run':
      return prune(task, place, observer);
    case 'evaluate':
      return evaluateOnTest(task, place, observer);
  }
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
  const network = await readModel(model, observer);
  const sampled = async (bench: Bench): Promise<TaskResult> => {
    const { seed, allowInexact } = sampling;
    const analysis = await analyseOn(bench, { criterion, seed, allowInexact }, place, observer);
    const shard = await sampleShardOn(bench, analysis, sampling, share, place, observer);
    return { kind: 'shard', shard };
  };
  return onBench(network, data, place, observer, sampled, sampling.metric);
}

/** The seed is that of the command: the same structures are measured. */
async function profileHere(
  { model, place, device, batch, structures, journal }: ProfilingTask,
  observer: Observer,
): Promise<TaskResult> {
  const network = await readModel(model, observer);
  const engine = await openEngineOf(place);
  try {
    const profile = await profileDevice({
      ...{ network, engine, device, batch, structures, journal },
      onProgress: counting(observer, 'profiling', 'structures'),
    });
    return { kind: 'profiling', profile, stairs: stairsOf(profile, network, channelMap(network)) };
  } finally {
    await engine.dispose();
  }
}

async function prune(
  { plan, sweep, checkpoint, repairs, out }: RunTask,
  place: Workplace,
  observer: TaskObserver,
): Promise<TaskResult> {
  const given = {
    sweep: sweep ?? undefined,
    checkpoint,
    repairs: repairs === null ? undefined : repairStore(repairs, plan.model, out, observer),
    out,
  };
  const { result } = await prunePlan(plan, place, observer, given);
  return { kind: 'run', result };
}

/** Whoever draws fewer images draws some of the same ones. */
const DRAWN_BY = 0;

async function evaluateOnTest(
  { model, data, images }: EvaluateTask,
  place: Workplace,
  observer: Observer,
): Promise<TaskResult> {
  const network = await readModel(model, observer);
  observer.stage?.('evaluating');
  return onBench(network, data, place, observer, async ({ network: fitted, dataset, engine }) => {
    const { n } = dataset.splits.test;
    const drawn = images < n ? Array.from(samplePermutation(n, DRAWN_BY).subarray(0, images)) : null;
    const options = { indices: drawn ?? undefined, onProgress: counting(observer, 'evaluating the network') };
    const { hits, seconds, ...quality } = await evaluate(engine, fitted, dataset, 'test', options);
    const told = { ...quality, hits: Buffer.from(hits).toString('base64') };
    return { kind: 'evaluate', quality: told, drawn, seconds };
  });
}

/**
 * Kept as ONNX, in which each number stays as it is, whatever the model came as.
 *
 * @param given the file that is pruned: where that is of ONNX, a repaired network is that one with other tensors, too
 */
function repairStore(
  earlier: readonly KeptRepair[],
  given: PrunePlan['model'],
  out: string,
  { keepRepair }: TaskObserver,
): RepairStore {
  return {
    async find(wanted) {
      const found = earlier.find(({ key }) => key === wanted);
      if (!found) return null;
      const { file, summary } = found;
      const { preprocessing, name } = given;
      // One that was written again has no inputs that are to be fixed, nor sizes that are open.
      for (const model of [
        { ...given, file },
        { file, preprocessing, name },
      ]) {
        try {
          return { network: await readModel(model, {}), summary };
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }
      // A damaged one is none.
      return null;
    },
    async keep(key, { network, summary }) {
      const file = path.join(path.dirname(out), `${key}.onnx`);
      await writeNetwork(file, network, { given });
      await keepRepair?.({ key, file, summary });
    },
  };
}
