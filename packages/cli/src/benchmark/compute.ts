import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Benchmark, ItemResult, RunItem, SamplingItem, TestedQuality } from '@espalier/benchmark';
import { mergeShards, type SamplingRun } from '@espalier/pruning';
import { type Compute, type Quality, type RunResult, silentReports } from '@espalier/worker';
import { espalierHome } from '../stages/home.ts';
import type { Subject, Subjects } from './subjects.ts';

/** How a benchmark's items are computed: in processes of their own, as a platform's workers do it. */
export interface Computing {
  readonly benchmark: Benchmark;
  readonly subjects: Subjects;
  readonly compute: Compute;
  readonly engine: string;
  /** Of each process. */
  readonly threads: number;
  /** Folder of what is only needed for a while. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

type OnPart = (share: number) => void;

export async function computeSweep(
  { benchmark, compute, signal, ...rest }: Computing,
  subject: Subject,
  { criterion, samples, skip }: SamplingItem,
  onPart: OnPart,
): Promise<SamplingRun> {
  const result = await compute(
    {
      kind: 'shard',
      ...machine({ benchmark, ...rest }, subject),
      ...{ criterion, samples, skip, grid: benchmark.grid, seed: SAMPLE_SEED, allowInexact: false },
      ...{ index: 1, of: 1 },
    },
    { ...silentReports, progress: (done, total) => onPart(total === 0 ? 1 : done / total) },
    signal,
  );
  if (result.kind !== 'shard') throw new Error('a shard task gave another result');
  return mergeShards([result.shard]);
}

/** Of the order of the sample: replicates take other parts of one order. */
const SAMPLE_SEED = 0;

export interface Computed {
  readonly result: ItemResult;
  /** The unpruned network, where it was to be tested. */
  readonly base: TestedQuality | null;
}

/** @param weights of the parts of the work, as {@link runWeights} has them */
export async function computeItem(
  { benchmark, compute, scratch, signal, ...rest }: Computing,
  subject: Subject,
  item: RunItem,
  about: {
    readonly name: string;
    readonly sweep: SamplingRun | null;
    readonly testBase: boolean;
    readonly onPart: OnPart;
  },
): Promise<Computed> {
  const out = path.join(scratch, `${about.name.replaceAll(/[^\w=.-]+/g, '-')}.onnx`);
  const stages = item.recipe ? { finetuning: 0.8, evaluating: 0.2 } : { evaluating: 1 };
  let [before, share] = [0, 0];
  const result = await compute(
    {
      kind: 'run',
      ...machine({ benchmark, ...rest }, subject),
      ...item.strategy,
      ...{ target: item.target, seed: item.seed, recipe: item.recipe, recalibrate: item.recalibrate },
      sampling: sampling(benchmark, item),
      ...{ sweep: about.sweep, checkpoint: null, testBase: about.testBase, out },
      // Beside other processes a latency means nothing.
      timed: false,
    },
    {
      ...silentReports,
      stage: (stage) => {
        before += share;
        share = stage in stages ? (stages[stage as keyof typeof stages] ?? 0) : 0;
      },
      // An evaluation of several networks starts again for each: the bar waits.
      progress: (done, total) =>
        about.onPart(Math.min(1, before + (total === 0 ? 0 : (share * done) / total))),
    },
    signal,
  );
  await rm(out, { force: true });
  if (result.kind !== 'run') throw new Error('a run task gave another result');
  return { result: itemResult(result), base: result.base && tested(result.base) };
}

/** For those that sample by themselves. */
function sampling({ grid }: Benchmark, item: RunItem) {
  const { samples, skip } = item.sampling ?? { samples: 1, skip: 0 };
  return { grid, samples, skip, seed: SAMPLE_SEED };
}

function machine(
  { benchmark, engine, threads }: Pick<Computing, 'benchmark' | 'engine' | 'threads'>,
  { file }: Subject,
) {
  const { dataset } = benchmark;
  return { model: file, dataset, datasetName: dataset, home: espalierHome(), engine, threads };
}

function itemResult({
  params,
  macs,
  saved,
  structure,
  pruned,
  after,
  engine,
  seconds,
}: RunResult): ItemResult {
  return {
    ...{ params, macs, saved, engine, seconds },
    structure: structure.map(({ group, before, after: left }) => ({ group, before, after: left })),
    pruned: tested(pruned),
    after: tested(after),
  };
}

function tested({ top1, top5, loss, n, hits }: Quality): TestedQuality {
  return { top1, top5, loss, n, hits };
}
