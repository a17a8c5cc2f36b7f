import { readFile } from 'node:fs/promises';
import type { Dataset } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import {
  type Analysis,
  findCriterion,
  type Sampled,
  type SamplingRun,
  type SweepRequest,
  sampleAdaptively,
  sampleEach,
  samplingRunSchema,
  type Target,
} from '@espalier/pruning';
import type { ComputeOptions, SweepOptions } from '../options.ts';
import type { Context } from '../terminal.ts';
import type { Bench } from './bench.ts';
import { espalierHome } from './home.ts';

export const SAFE_TO_STOP = 'stopped; what was sampled is kept, the same command goes on from there';

/** What is swept: one analysis for each criterion. */
export interface SamplingInput extends Bench {
  readonly analyses: readonly Analysis[];
}

type Options = Pick<ComputeOptions, 'seed'> &
  Pick<SweepOptions, 'grid' | 'samples' | 'naive' | 'fresh' | 'processes' | 'memory'> &
  Partial<Pick<SweepOptions, 'skip'>>;

/**
 * Runs a grid sampling by one criterion with a progress line.
 *
 * @param targets what an adaptive sampling has to decide; default: the usual ones
 */
export async function runSampling(
  { analysis, ...bench }: Bench & { readonly analysis: Analysis },
  options: Options & Pick<SweepOptions, 'adaptive'>,
  context: Context,
  targets?: readonly Target[],
): Promise<Sampled & { readonly measured?: number }> {
  if (options.adaptive) {
    return withProgress(context, async (onProgress) => {
      const request = samplingRequest({ ...bench, analyses: [analysis] }, options, context);
      return { ...(await sampleAdaptively({ ...request, onProgress }, targets)), cached: 0 };
    });
  }
  const { runs, ...rest } = await runSamplings({ ...bench, analyses: [analysis] }, options, context);
  const [run] = runs;
  if (!run) throw new Error('a sweep of one criterion gives one run');
  return { run, ...rest };
}

/** Runs a grid sampling with a progress line: one run for each criterion, in one pass. */
export async function runSamplings(
  input: SamplingInput,
  options: Options,
  context: Context,
): ReturnType<typeof sampleEach> {
  return withProgress(context, (onProgress) =>
    sampleEach({ ...samplingRequest(input, options, context), onProgress }),
  );
}

async function withProgress<T>(
  { terminal }: Context,
  work: (onProgress: NonNullable<SweepRequest['onProgress']>) => Promise<T>,
): Promise<T> {
  const progress = terminal.progress('sampling', 'image cells');
  terminal.stopNote = SAFE_TO_STOP;
  try {
    return await work(({ done, total }) => progress.update(done, total));
  } finally {
    terminal.endProgress();
  }
}

/** What a sweep is of and how it is measured. */
export function samplingRequest(
  { network, analyses, dataset, engine }: SamplingInput,
  { seed, grid, samples, skip = 0, naive = false, fresh = false, processes, memory }: Options,
  { signal }: Context,
): Omit<SweepRequest, 'onProgress'> {
  const [first] = analyses;
  if (!first) throw new Error('a sweep needs a criterion');
  const tuning = { ...(processes ? { processes } : {}), ...(memory ? { memory } : {}) };
  return {
    network,
    map: first.map,
    allowInexact: first.allowInexact,
    criteria: analyses.map(({ criterion, rankings, cost }) => ({
      criterion: findCriterion(criterion),
      rankings,
      cost,
    })),
    dataset,
    engine,
    grid,
    samples,
    seed,
    skip,
    home: espalierHome(),
    naive,
    fresh,
    tuning,
    signal,
  };
}

/** Reads a sweep that `espalier sweep --out` wrote (its --json output works, too). */
export async function readSweep(file: string): Promise<SamplingRun> {
  const parsed = samplingRunSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const where = first?.path.length ? ` (${first.path.join('.')}: ${first.message})` : '';
  throw new InputError(`${file} is not a sweep as espalier sweep --out writes it${where}`);
}

export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'ENOENT' ? `there is no file ${file}` : `cannot read ${file} (${error.code})`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** A sweep's matrices count for the data they were measured on and the ranking they were measured with. */
export function checkSweepFits(run: SamplingRun | undefined, seed: number, dataset: Dataset | null): void {
  if (!run) return;
  if (dataset && dataset.hash !== run.dataset.hash) {
    const same = dataset.name === run.dataset.name ? ' (same name, other images)' : '';
    throw new InputError(`the sweep is of data set ${run.dataset.name}, not of ${dataset.name}${same}`);
  }
  if (run.criterion === 'random' && run.seed !== seed) {
    throw new InputError(
      `the sweep ranked units at random with seed ${run.seed}, not ${seed}; give --seed ${run.seed}`,
    );
  }
}
