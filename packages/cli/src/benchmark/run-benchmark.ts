import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BaseResult,
  type Benchmark,
  type ItemResult,
  itemName,
  itemsOf,
  type Results,
  type RunItem,
  type SamplingItem,
} from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import { findAllocation, type SamplingRun } from '@espalier/pruning';
import { ComputingProcesses } from '@espalier/worker';
import { percent } from '../render/units.ts';
import { espalierHome } from '../stages/home.ts';
import type { Context } from '../terminal.ts';
import { type Computing, computeItem, computeSweep } from './compute.ts';
import { doJobs, type Job } from './jobs.ts';
import { ResultStore } from './result-store.ts';
import { baseContent, itemContent, openSubjects, type Subject, type Subjects } from './subjects.ts';

export interface BenchmarkOptions {
  readonly engine: string;
  /** Processes that compute side by side, a share of the threads each. Default: one a core. */
  readonly processes?: number | undefined;
  readonly threads?: number | undefined;
}

export interface BenchmarkOutcome extends Results {
  /** What could not be computed, by name, and why: an unreachable target, a criterion without its BatchNorm. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Computes what is missing of a benchmark, keeps each result at once, and gives all there are. Stopped at any moment,
 * the next call goes on.
 *
 * @param onResult called after each new result with all that there are by then
 */
export async function runBenchmark(
  benchmark: Benchmark,
  options: BenchmarkOptions,
  context: Context,
  onResult: (results: Results) => Promise<void>,
): Promise<BenchmarkOutcome> {
  context.terminal.stopNote = 'stopped; finished results are kept, the same command goes on from there';
  const subjects = await openSubjects(benchmark, context);
  const store = new ResultStore(espalierHome());
  const kept = await keptResults(benchmark, subjects, store);
  const scratch = await mkdtemp(path.join(tmpdir(), 'espalier-benchmark-'));
  const threads = options.threads ?? availableParallelism();
  const atOnce = Math.min(options.processes ?? threads, threads);
  const pools = Array.from({ length: atOnce }, () => new ComputingProcesses());
  const computing = {
    ...{ benchmark, subjects, scratch, engine: options.engine },
    threads: Math.max(1, Math.floor(threads / atOnce)),
    signal: context.signal,
  };
  const run = new BenchmarkRun(computing, pools, store, kept, context, onResult);
  try {
    await run.finish(atOnce);
  } finally {
    for (const pool of pools) pool.close();
    await rm(scratch, { recursive: true, force: true });
  }
  return { ...kept, refused: run.refused };
}

interface Kept {
  readonly bases: Map<string, BaseResult>;
  readonly items: Map<string, ItemResult>;
}

async function keptResults(benchmark: Benchmark, subjects: Subjects, store: ResultStore): Promise<Kept> {
  const kept: Kept = { bases: new Map(), items: new Map() };
  for (const [name, subject] of subjects.models) {
    const base = await store.base(baseContent(subject));
    if (base) kept.bases.set(name, base);
  }
  for (const item of itemsOf(benchmark)) {
    const subject = subjectOf(subjects, item);
    const result = await store.item(itemContent(subject, item, benchmark.grid));
    if (result) kept.items.set(itemName(item), result);
  }
  return kept;
}

function subjectOf({ models }: Subjects, { model }: Pick<RunItem, 'model'>): Subject {
  const subject = models.get(model);
  if (!subject) throw new Error(`there is no model ${model}`);
  return subject;
}

/** What is under way of one call. */
class BenchmarkRun {
  readonly refused = new Map<string, string>();
  private readonly sweeps = new Map<string, SamplingRun>();
  private readonly computing: Omit<Computing, 'compute'>;
  private readonly pools: ComputingProcesses[];
  private readonly store: ResultStore;
  private readonly kept: Kept;
  private readonly context: Context;
  private readonly onResult: (results: Results) => Promise<void>;
  /** Models whose unpruned network somebody tests. */
  private readonly testing = new Set<string>();

  constructor(
    computing: Omit<Computing, 'compute'>,
    pools: readonly ComputingProcesses[],
    store: ResultStore,
    kept: Kept,
    context: Context,
    onResult: (results: Results) => Promise<void>,
  ) {
    this.computing = computing;
    this.pools = [...pools];
    this.store = store;
    this.kept = kept;
    this.context = context;
    this.onResult = onResult;
  }

  async finish(atOnce: number): Promise<void> {
    const jobs = this.jobs();
    if (jobs.length === 0) return;
    const { terminal } = this.context;
    const all = this.kept.items.size + jobs.length;
    terminal.say(`${jobs.length} of ${all} results to compute, ${atOnce} at a time`);
    const progress = terminal.progress('benchmark', 'GMACs');
    try {
      await doJobs(jobs, atOnce, ({ done, total }) => progress.update(done, total));
    } finally {
      terminal.endProgress();
    }
  }

  private jobs(): Job[] {
    const sampling = new Map<string, Job>();
    const missing = itemsOf(this.computing.benchmark).filter((item) => !this.kept.items.has(itemName(item)));
    return missing.map((item): Job => {
      const subject = subjectOf(this.computing.subjects, item);
      let needs: Job | null = null;
      if (item.sampling && isShared(item)) {
        const name = sweepName(item.model, item.sampling);
        needs = sampling.get(name) ?? this.samplingJob(name, subject, item.sampling);
        sampling.set(name, needs);
      }
      return {
        name: itemName(item),
        needs,
        weight: runWeight(subject, item, this.computing.subjects),
        work: (onPart) => this.compute(subject, item, onPart),
      };
    });
  }

  private samplingJob(name: string, subject: Subject, sampling: SamplingItem): Job {
    const { grid } = this.computing.benchmark;
    return {
      name,
      needs: null,
      weight: samplingWeight(subject, sampling, grid),
      work: async (onPart) => {
        const sweep = await this.inPool(
          (compute) => computeSweep({ ...this.computing, compute }, subject, sampling, onPart),
          name,
        );
        if (sweep) this.sweeps.set(name, sweep);
      },
    };
  }

  private async compute(subject: Subject, item: RunItem, onPart: (share: number) => void): Promise<void> {
    const name = itemName(item);
    const needed = item.sampling && isShared(item) ? sweepName(item.model, item.sampling) : null;
    const sweep = needed === null ? null : (this.sweeps.get(needed) ?? null);
    if (needed !== null && !sweep) {
      this.refused.set(name, this.refused.get(needed) ?? 'its sweep is not there');
      return;
    }
    const testBase = !this.kept.bases.has(item.model) && !this.testing.has(item.model);
    if (testBase) this.testing.add(item.model);
    const computed = await this.inPool(
      (compute) =>
        computeItem({ ...this.computing, compute }, subject, item, { name, sweep, testBase, onPart }),
      name,
    );
    if (testBase) this.testing.delete(item.model);
    if (!computed) return;
    const { params, macs } = subject;
    if (computed.base) {
      const base = { ...computed.base, params, macs };
      await this.store.put(baseContent(subject), base);
      this.kept.bases.set(item.model, base);
    }
    await this.store.put(itemContent(subject, item, this.computing.benchmark.grid), computed.result);
    this.kept.items.set(name, computed.result);
    const { pruned, after } = computed.result;
    const accuracy = item.recipe ? `${percent(pruned.top1)} → ${percent(after.top1)}` : percent(after.top1);
    this.context.terminal.say(`${name}: ${accuracy}`);
    await this.onResult(this.kept);
  }

  /** null, and remembered, where the input cannot be used: the rest of the benchmark goes on. */
  private async inPool<T>(
    work: (compute: Computing['compute']) => Promise<T>,
    name: string,
  ): Promise<T | null> {
    const pool = this.pools.pop();
    if (!pool) throw new Error('more jobs than processes');
    try {
      return await work(pool.compute);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.refused.set(name, error.message);
      this.context.terminal.warn(`${name}: ${error.message}`);
      return null;
    } finally {
      this.pools.push(pool);
    }
  }
}

/** Whether it goes by a sweep that others may go by, too, and makes none itself. */
function isShared({ strategy }: RunItem): boolean {
  return findAllocation(strategy.allocation).sampling === 'shared';
}

function sweepName(model: string, { criterion, samples, skip }: SamplingItem): string {
  return `${model}, sampling by ${criterion}, images ${skip} to ${skip + samples - 1}`;
}

/** A sweep's plan takes about half of what full passes would. */
const PLANNED_SHARE = 0.5;
/** Channel groups of a network of unknown structure, for an estimate. */
const USUAL_GROUPS = 12;
/** Forward and backward. */
const TRAINING_PASSES = 3;

/** In GMACs, roughly: only for the bar. */
function samplingWeight({ macs }: Subject, { samples }: SamplingItem, grid: readonly number[]): number {
  return (samples * grid.length * USUAL_GROUPS * macs * PLANNED_SHARE) / 1e9;
}

function runWeight(
  { macs }: Subject,
  { recipe, target }: RunItem,
  { testImages, trainImages }: Subjects,
): number {
  const left = target.metric === 'macs' ? 1 - target.share : 0.5;
  const trained = recipe
    ? (recipe.steps ?? Math.ceil((recipe.epochs * trainImages) / recipe.batch)) * recipe.batch
    : 0;
  const tests = recipe ? 2 : 1;
  return ((testImages * tests + TRAINING_PASSES * trained) * macs * left) / 1e9;
}
