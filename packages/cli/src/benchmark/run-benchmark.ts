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
import type { EngineName } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { baseKey, openEngineOf, resultKey } from '@espalier/pipeline';
import { findAllocation, type SamplingRun } from '@espalier/pruning';
import { ComputingProcesses } from '@espalier/worker';
import { percent } from '../render/units.ts';
import { espalierHome } from '../stages/home.ts';
import type { Context } from '../terminal.ts';
import { type Computing, computeItem, computeSweep, planOfItem } from './compute.ts';
import { doJobs, type Job } from './jobs.ts';
import { ResultStore } from './result-store.ts';
import { openSubjects, type Subject, type Subjects } from './subjects.ts';

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
  context.terminal.stopNote = 'stopped; finished results are kept; the same command continues from there';
  const subjects = await openSubjects(benchmark, context);
  const home = espalierHome();
  const store = new ResultStore(home);
  const keys = keysOf(benchmark, subjects, await engineName(options.engine));
  const kept = await keptResults(benchmark, subjects, store, keys);
  const scratch = await mkdtemp(path.join(tmpdir(), 'espalier-benchmark-'));
  const threads = options.threads ?? availableParallelism();
  const atOnce = Math.min(options.processes ?? threads, threads);
  const pools = Array.from({ length: atOnce }, () => new ComputingProcesses());
  const computing = {
    ...{ benchmark, scratch, signal: context.signal },
    place: { home, engine: options.engine, threads: Math.max(1, Math.floor(threads / atOnce)) },
  };
  const run = new BenchmarkRun({ computing, subjects, pools, store, keys, kept, context, onResult });
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

/** By which results are kept. */
interface Keys {
  readonly base: (subject: Subject) => string;
  readonly item: (item: RunItem) => string;
}

function keysOf(benchmark: Benchmark, subjects: Subjects, engine: EngineName): Keys {
  return {
    base: ({ identity }) => baseKey(identity, engine),
    item(item) {
      const subject = subjectOf(subjects, item);
      const plan = planOfItem(benchmark, subject, item);
      return resultKey(subject.identity, plan, { engine, teacherHash: null, profile: subject.device });
    },
  };
}

/** What `auto` is here. */
async function engineName(engine: string): Promise<EngineName> {
  const opened = await openEngineOf({ engine, threads: 1 });
  await opened.dispose();
  return opened.name;
}

async function keptResults(
  benchmark: Benchmark,
  subjects: Subjects,
  store: ResultStore,
  keys: Keys,
): Promise<Kept> {
  const kept: Kept = { bases: new Map(), items: new Map() };
  for (const [name, subject] of subjects.models) {
    const base = await store.base(keys.base(subject));
    if (base) kept.bases.set(name, base);
  }
  for (const item of itemsOf(benchmark)) {
    const result = await store.item(keys.item(item));
    if (result) kept.items.set(itemName(item), result);
  }
  return kept;
}

function subjectOf({ models }: Subjects, { model }: Pick<RunItem, 'model'>): Subject {
  const subject = models.get(model);
  if (!subject) throw new Error(`there is no model ${model}`);
  return subject;
}

interface Setup {
  readonly computing: Omit<Computing, 'compute'>;
  readonly subjects: Subjects;
  /** Those that nobody uses at the moment. */
  readonly pools: ComputingProcesses[];
  readonly store: ResultStore;
  readonly keys: Keys;
  readonly kept: Kept;
  readonly context: Context;
  readonly onResult: (results: Results) => Promise<void>;
}

/** What is under way of one call. */
class BenchmarkRun {
  readonly refused = new Map<string, string>();
  private readonly sweeps = new Map<string, SamplingRun>();
  private readonly setup: Setup;
  /** Models whose unpruned network somebody tests. */
  private readonly testing = new Set<string>();

  constructor(setup: Setup) {
    this.setup = setup;
  }

  async finish(atOnce: number): Promise<void> {
    const jobs = this.jobs();
    if (jobs.length === 0) return;
    const { context, kept } = this.setup;
    const { terminal } = context;
    const all = kept.items.size + jobs.length;
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
    const { computing, subjects, kept } = this.setup;
    const missing = itemsOf(computing.benchmark).filter((item) => !kept.items.has(itemName(item)));
    return missing.map((item): Job => {
      const subject = subjectOf(subjects, item);
      let needs: Job | null = null;
      if (item.sampling && isShared(item)) {
        const name = sweepName(item.model, item.sampling);
        needs = sampling.get(name) ?? this.samplingJob(name, subject, item.sampling);
        sampling.set(name, needs);
      }
      return {
        name: itemName(item),
        needs,
        weight: runWeight(subject, item, subjects),
        work: (onPart) => this.compute(subject, item, onPart),
      };
    });
  }

  private samplingJob(name: string, subject: Subject, sampling: SamplingItem): Job {
    const { computing } = this.setup;
    const { grid } = computing.benchmark;
    return {
      name,
      needs: null,
      weight: samplingWeight(subject, sampling, grid),
      work: async (onPart) => {
        const sweep = await this.inPool(
          (compute) => computeSweep({ ...computing, compute }, subject, sampling, onPart),
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
    const { computing, store, keys, kept, context, onResult } = this.setup;
    const testBase = !kept.bases.has(item.model) && !this.testing.has(item.model);
    if (testBase) this.testing.add(item.model);
    const about = { name, sweep, testBase, onPart };
    const computed = await this.inPool(
      (compute) => computeItem({ ...computing, compute }, subject, item, about),
      name,
    );
    if (testBase) this.testing.delete(item.model);
    if (!computed) return;
    const { params, macs } = subject;
    if (computed.base) {
      const base = { ...computed.base, params, macs };
      await store.put(keys.base(subject), base);
      kept.bases.set(item.model, base);
    }
    await store.put(keys.item(item), computed.result);
    kept.items.set(name, computed.result);
    const { pruned, after } = computed.result;
    const accuracy = item.recipe ? `${percent(pruned.top1)} → ${percent(after.top1)}` : percent(after.top1);
    context.terminal.say(`${name}: ${accuracy}`);
    await onResult(kept);
  }

  /** null, and remembered, where the input cannot be used: the rest of the benchmark goes on. */
  private async inPool<T>(
    work: (compute: Computing['compute']) => Promise<T>,
    name: string,
  ): Promise<T | null> {
    const { pools, context } = this.setup;
    const pool = pools.pop();
    if (!pool) throw new Error('more jobs than processes');
    try {
      return await work(pool.compute);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.refused.set(name, error.message);
      context.terminal.warn(`${name}: ${error.message}`);
      return null;
    } finally {
      pools.push(pool);
    }
  }
}

/** Whether it uses a sweep that others may use, too, and makes none itself. */
function isShared({ strategy }: RunItem): boolean {
  return findAllocation(strategy.allocation).sampling === 'shared';
}

function sweepName(model: string, { criterion, samples, skip, seed }: SamplingItem): string {
  return `${model}, sampling by ${criterion}, images ${skip} to ${skip + samples - 1} of seed ${seed}`;
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
