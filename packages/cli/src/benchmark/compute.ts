import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Benchmark, ItemResult, RunItem, SamplingItem, TestedQuality } from '@espalier/benchmark';
import {
  type Observer,
  type PlanInput,
  type PrunePlan,
  type PruneResult,
  parsePlan,
  qualityOf,
  type Standing,
  type Workplace,
} from '@espalier/pipeline';
import { mergeShards, type SamplingRun } from '@espalier/pruning';
import type { Compute } from '@espalier/worker';
import type { Subject } from './subjects.ts';

/** How a benchmark's items are computed: in separate processes, as a platform's workers do it. */
export interface Computing {
  readonly benchmark: Benchmark;
  readonly compute: Compute;
  readonly place: Pick<Workplace, 'home' | 'engine' | 'threads'>;
  /** Folder of what is only needed for a while. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

type OnPart = (share: number) => void;

export async function computeSweep(
  { benchmark, compute, place, signal }: Computing,
  subject: Subject,
  sampling: SamplingItem,
  onPart: OnPart,
): Promise<SamplingRun> {
  const { criterion, seed } = sampling;
  const plan = parsePlan({ ...ground(benchmark, subject, sampling), criterion, seed });
  const observer: Observer = { progress: ({ done, total }) => onPart(total === 0 ? 1 : done / total) };
  const result = await compute({ kind: 'shard', plan, place, share: { index: 1, of: 1 } }, observer, signal);
  if (result.kind !== 'shard') throw new Error('a shard task gave another result');
  return mergeShards([result.shard]);
}

/** What is to be done for an item: all that decides its numbers. */
export function planOfItem(benchmark: Benchmark, subject: Subject, item: RunItem): PrunePlan {
  const { strategy, target, seed, recipe, recalibrate, repair, align, sampling } = item;
  return parsePlan({
    ...ground(benchmark, subject, sampling),
    ...strategy,
    ...{ target, seed, recipe, recalibrate, repair, limits: { align } },
    profile: subject.profile === undefined ? null : { file: subject.profile },
    // Beside other processes a latency means nothing.
    corrected: false,
  });
}

function ground(
  { dataset, grid }: Benchmark,
  { file }: Subject,
  sampling: SamplingItem | null,
): Pick<PlanInput, 'model' | 'data' | 'sampling'> {
  const { samples, skip, seed } = sampling ?? { samples: 1, skip: 0, seed: 0 };
  return {
    model: { file },
    data: { spec: dataset },
    sampling: { grid: [...grid], samples, skip, seed },
  };
}

export interface Computed {
  readonly result: ItemResult;
  /** The unpruned network, where it was to be tested. */
  readonly base: TestedQuality | null;
}

export async function computeItem(
  { benchmark, compute, place, scratch, signal }: Computing,
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
  const plan = {
    ...planOfItem(benchmark, subject, item),
    tests: { base: about.testBase, cut: true },
    timed: false,
  };
  const computed = await compute(
    { kind: 'run', plan, place, sweep: about.sweep, checkpoint: null, repairs: null, out },
    barObserver(item, about.onPart),
    signal,
  );
  await rm(out, { force: true });
  if (computed.kind !== 'run') throw new Error('a run task gave another result');
  const { result } = computed;
  return { result: itemResult(result), base: qualityOf(result.before) };
}

function barObserver({ recipe }: RunItem, onPart: OnPart): Observer {
  const stages: Readonly<Partial<Record<string, number>>> = recipe
    ? { finetuning: 0.8, evaluating: 0.2 }
    : { evaluating: 1 };
  let [before, share] = [0, 0];
  return {
    stage: (stage) => {
      before += share;
      share = stages[stage] ?? 0;
    },
    // An evaluation of several networks starts again for each: the bar waits.
    progress: ({ done, total }) => onPart(Math.min(1, before + (total === 0 ? 0 : (share * done) / total))),
  };
}

function itemResult(result: PruneResult): ItemResult {
  const { structure, achieved, pruned, repaired, after, provenance, seconds, networkHash: network } = result;
  const { params, macs } = after;
  return {
    ...{ params, macs, network, saved: achieved, engine: provenance.engine?.description ?? '', seconds },
    structure: structure.map(({ group, before, after: left }) => ({ group, before, after: left })),
    pruned: tested(pruned),
    repaired: repaired && tested(repaired),
    after: tested(after),
  };
}

function tested(standing: Standing): TestedQuality {
  const quality = qualityOf(standing);
  if (!quality) throw new Error('a result of a benchmark is tested');
  return quality;
}
