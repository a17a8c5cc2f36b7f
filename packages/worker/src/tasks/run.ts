import path from 'node:path';
import {
  adoptCheckpoint,
  type Engine,
  evaluate,
  measure,
  measureThroughput,
  recalibrate,
  removeCheckpoint,
  train,
  trainingImages,
} from '@espalier/engines';
import { writeNetwork } from '@espalier/formats';
import { type Network, networkCost, networkHash } from '@espalier/network';
import { type Bench, onBench } from './bench.ts';
import { cutToTarget } from './cut.ts';
import type { Quality, RunResult, RunTask, Stage, TaskReports } from './task.ts';

/** Steps from one checkpoint on this machine to the next. */
const CHECKPOINT_EVERY = 100;
/** Kept elsewhere at the end of each epoch, and this often in a long one. */
const KEEP_EVERY_MS = 10 * 60_000;

/** Everything of a run that follows sampling: search, cut, train, test, time, write. */
export function runTask(task: RunTask, reports: TaskReports, signal: AbortSignal): Promise<RunResult> {
  return onBench(task, async (bench) => {
    const seconds: Record<string, number> = {};
    const stage = async <T>(name: Stage, work: () => Promise<T> | T): Promise<T> => {
      signal.throwIfAborted();
      reports.stage(name);
      const started = performance.now();
      const result = await work();
      seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000;
      return result;
    };
    const { network, engine } = bench;
    const cut = await stage('searching', () => cutToTarget(bench, task, reports, signal));
    const restored = await stage('pruning', () => withStatistics(bench, cut.network, task));
    const result = task.recipe
      ? await stage('finetuning', () => finetuned({ ...bench, network: restored }, task, reports, signal))
      : restored;
    const { base, pruned, after } = await stage('evaluating', async () => {
      const tested = (one: Network) => quality({ ...bench, network: one }, reports, signal);
      const first = await tested(cut.network);
      return {
        base: task.testBase ? await tested(network) : null,
        pruned: first,
        after: result === cut.network ? first : await tested(result),
      };
    });
    const timing =
      task.timed === false ? null : await stage('measuring', () => timed(engine, [result, network], signal));
    await stage('exporting', () => writeNetwork(task.out, result));
    return {
      kind: 'run',
      networkHash: networkHash(result),
      ...networkCost(result),
      saved: cut.search.achieved,
      structure: cut.structure,
      trace: cut.search.trace,
      rounds: cut.rounds ?? null,
      base,
      pruned,
      after,
      ...(timing ?? UNTIMED),
      engine: engine.description,
      seconds,
    };
  });
}

type Timing = Pick<RunResult, 'latencyMs' | 'baseLatencyMs' | 'throughput' | 'baseThroughput'>;

const UNTIMED: Timing = { latencyMs: null, baseLatencyMs: null, throughput: null, baseThroughput: null };

/** The pruned network and the unpruned one, their runs interleaved. */
async function timed(
  engine: Engine,
  networks: readonly [Network, Network],
  signal: AbortSignal,
): Promise<Timing> {
  const single = await measure(engine, networks, { signal });
  const [throughput = null, baseThroughput = null] = await measureThroughput(
    engine,
    networks,
    single,
    signal,
  );
  const [latencyMs = null, baseLatencyMs = null] = single.map((each) => each.latencyMs.p50);
  return { latencyMs, baseLatencyMs, throughput, baseThroughput };
}

async function withStatistics(bench: Bench, network: Network, task: RunTask): Promise<Network> {
  if (task.recalibrate === null) return network;
  const images = { images: task.recalibrate, seed: task.seed };
  return recalibrate(network, bench.engine, trainingImages(network, bench.dataset, images));
}

async function finetuned(
  { engine, network, dataset }: Bench,
  { recipe, seed, home, checkpoint }: RunTask,
  reports: TaskReports,
  signal: AbortSignal,
): Promise<Network> {
  if (!recipe) return network;
  const folder = path.join(home, 'training');
  // A damaged one is none.
  if (checkpoint !== null) await adoptCheckpoint(checkpoint, folder).catch(() => {});
  let kept = performance.now();
  const training = await train(engine, {
    network,
    dataset,
    recipe,
    seed,
    signal,
    checkpoint: { folder, every: CHECKPOINT_EVERY },
    onResume: (step, _steps, epochs) => reports.resumed(step, epochs),
    onCheckpoint: ({ file, step, endsEpoch }) => {
      if (!endsEpoch && performance.now() - kept < KEEP_EVERY_MS) return;
      kept = performance.now();
      reports.checkpoint(file, step);
    },
    onProgress: ({ done, total }) => reports.progress(done, total),
    onEpoch: reports.epoch,
  });
  // A later run of the same settings trains by itself, and tells its epochs.
  if (training.checkpoint) await removeCheckpoint(training.checkpoint);
  return training.network;
}

async function quality(
  { engine, network, dataset }: Bench,
  reports: TaskReports,
  signal: AbortSignal,
): Promise<Quality> {
  const { top1, top5, loss, n, hits } = await evaluate(engine, network, dataset, 'test', {
    signal,
    onProgress: ({ done, total }) => reports.progress(done, total),
  });
  return { top1, top5, loss, n, hits: Buffer.from(hits).toString('base64') };
}
