import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseRecipe, recipeHash } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { writeNetwork } from '@espalier/formats';
import { type Network, networkCost } from '@espalier/network';
import type { SamplingRun } from '@espalier/pruning';
import { jsonText } from '../json.ts';
import type { ComputeOptions } from '../options.ts';
import { provenance } from '../provenance.ts';
import { heatMap } from '../render/heat-map.ts';
import { heatMapSvg } from '../render/heat-map-svg.ts';
import { count, magnitude } from '../render/units.ts';
import { analyse } from '../stages/analysis.ts';
import { type Bench, onBench } from '../stages/bench.ts';
import { runEvaluation } from '../stages/evaluation.ts';
import { runMeasurement } from '../stages/measurement.ts';
import { readModel } from '../stages/model.ts';
import { checkFolder, writeText } from '../stages/output.ts';
import { recalibrateOnTraining } from '../stages/recalibration.ts';
import { runSampling, SAFE_TO_STOP } from '../stages/sampling.ts';
import { forgetCheckpoint, runTraining } from '../stages/training.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';
import { type Candidate, candidates } from './candidates.ts';
import type { DemoFinetuning, DemoResults, DemoRow, Quality } from './results.ts';
import {
  CRITERION,
  DATASET,
  FINETUNING_STEPS,
  GRID,
  MODEL_FILE,
  NOTE,
  OUTLINED,
  RECALIBRATION,
  SAMPLES,
} from './settings.ts';

/** How the demo tells what it is doing. */
export interface DemoHooks {
  readonly onStage: (text: string) => void;
  /** The contribution matrix is there, and with it the structure of the outlined strategy. */
  readonly onSampled: (run: SamplingRun, widths: readonly number[]) => void;
}

export type DemoOptions = ComputeOptions & { readonly out: string };

interface Demo {
  readonly out: string;
  readonly seed: number;
  readonly bench: Bench;
  readonly clock: Stopwatch;
  readonly context: Context;
  readonly hooks: DemoHooks;
}

/** The whole way on one network: sampling, search, cut, recalibration, evaluation, timing. */
export async function runDemo(
  options: DemoOptions,
  context: Context,
  hooks: DemoHooks,
): Promise<DemoResults> {
  const { out, seed } = options;
  await openFolder(out);
  const clock = new Stopwatch();
  const network = await clock.time('read', () => readModel(MODEL_FILE, {}, context));
  context.terminal.stopNote = SAFE_TO_STOP;
  return onBench(network, { ...options, dataset: DATASET }, context, async (bench) => {
    const demo = { out, seed, bench, clock, context, hooks };
    const sweep = await sampleGrid(demo);
    const found = await searchAll(demo, sweep);
    const tested = await testAll(demo, found);
    const finetuning = await finetuneOutlined(demo, tested.rows);
    const results = { ...(await timeAll(demo, tested, sweep)), finetuning };
    await writeText(path.join(out, 'results.json'), jsonText(results));
    return results;
  });
}

async function openFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(
      `--out: cannot make the folder ${folder} (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  await checkFolder('--out', folder);
}

async function sampleGrid({ seed, bench, clock, context, hooks }: Demo): Promise<SamplingRun> {
  const analysis = await analyse(bench, { criterion: CRITERION, seed }, context);
  const { params, macs } = networkCost(bench.network);
  hooks.onStage(
    `ResNet-20 on CIFAR-10: ${magnitude(params)} params, ${magnitude(macs)} MACs, ${analysis.rankings.length} channel groups to prune`,
  );
  hooks.onStage(
    `sampling: each group by itself at ${GRID.length} ratios, on ${count(SAMPLES)} images of the search split`,
  );
  const { run } = await clock.time('sweep', () =>
    runSampling({ ...bench, analysis }, { seed, grid: GRID, samples: SAMPLES }, context),
  );
  return run;
}

async function searchAll({ out, seed, bench, clock, hooks }: Demo, sweep: SamplingRun): Promise<Candidate[]> {
  const found = await clock.time('search', () => candidates(bench.network, sweep, seed));
  const outlined = found.find(
    ({ strategy, share }) => strategy.name === OUTLINED.strategy && share === OUTLINED.share,
  );
  const widths = outlined?.pruned.search.widths ?? [];
  hooks.onSampled(sweep, widths);
  await writeText(path.join(out, 'sweep.json'), jsonText(sweep));
  await writeText(path.join(out, 'heatmap.svg'), heatMapSvg(heatMap(sweep, widths)));
  return found;
}

interface Tested {
  readonly candidate: Candidate;
  /** Recalibrated. */
  readonly network: Network;
  readonly asCut: Quality;
  readonly recalibrated: Quality;
  readonly file: string;
}

async function testAll(demo: Demo, found: readonly Candidate[]): Promise<{ base: Quality; rows: Tested[] }> {
  const { bench, hooks } = demo;
  hooks.onStage(
    `testing ${found.length} pruned networks on ${count(bench.dataset.splits.test.n)} test images, as cut and with BatchNorm recalibrated on ${count(RECALIBRATION)} training images`,
  );
  const base = await quality(demo, bench.network, 'base');
  const rows: Tested[] = [];
  for (const candidate of found) rows.push(await test(demo, candidate));
  return { base, rows };
}

async function test(demo: Demo, candidate: Candidate): Promise<Tested> {
  const { out, seed, bench, clock, context } = demo;
  const { strategy, share, pruned } = candidate;
  const label = `${strategy.name} ${Math.round(share * 100)} %`;
  const asCut = await quality(demo, pruned.network, `${label}, as cut`);
  const network = await clock.time('recalibrate', () =>
    recalibrateOnTraining({ ...bench, network: pruned.network }, { images: RECALIBRATION, seed }, context),
  );
  const recalibrated = await quality(demo, network, `${label}, recalibrated`);
  const file = `resnet20-${strategy.name}-${Math.round(share * 100)}.onnx`;
  await clock.time('write', () => writeNetwork(path.join(out, file), network));
  return { candidate, network, asCut, recalibrated, file };
}

/** A few steps of training, so that one sees accuracy come back. */
async function finetuneOutlined(demo: Demo, rows: readonly Tested[]): Promise<DemoFinetuning> {
  const { out, seed, bench, clock, context, hooks } = demo;
  const { strategy, share } = OUTLINED;
  const row = rows.find(({ candidate }) => candidate.strategy.name === strategy && candidate.share === share);
  if (!row) throw new Error('the outlined strategy was not tested');
  const recipe = parseRecipe({ steps: FINETUNING_STEPS });
  hooks.onStage(
    `fine-tuning ${strategy} ${Math.round(share * 100)} % for ${count(recipe.steps ?? 0)} steps of ${recipe.batch} images (espalier finetune takes ${recipe.epochs} epochs)`,
  );
  const started = performance.now();
  const training = await clock.time('finetune', () =>
    runTraining(
      { ...bench, network: row.network },
      { recipe, seed, checkpointEvery: FINETUNING_STEPS },
      'fine-tuning',
      context,
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  const tested = await quality(demo, training.network, `${strategy}, fine-tuned`);
  const file = row.file.replace(/\.onnx$/, '-finetuned.onnx');
  await clock.time('write', () => writeNetwork(path.join(out, file), training.network));
  await forgetCheckpoint(training);
  return {
    strategy,
    requested: share,
    steps: training.steps,
    batch: recipe.batch,
    recipeHash: recipeHash(recipe),
    quality: tested,
    seconds,
    file,
  };
}

async function quality({ bench, clock, context }: Demo, network: Network, label: string): Promise<Quality> {
  const { top1, top5, loss, n } = await clock.time('evaluate', () =>
    runEvaluation({ ...bench, network }, 'test', label, context),
  );
  return { top1, top5, loss, n };
}

async function timeAll(
  { bench, clock, context, hooks }: Demo,
  { base, rows }: { base: Quality; rows: readonly Tested[] },
  sweep: SamplingRun,
): Promise<Omit<DemoResults, 'finetuning'>> {
  hooks.onStage('measuring latency, the runs of all networks interleaved');
  const [baseTiming, ...timings] = await clock.time('measure', () =>
    runMeasurement(
      bench.engine,
      [bench.network, ...rows.map(({ network }) => network)],
      { batch: 1 },
      context,
    ),
  );
  if (!baseTiming) throw new Error('the base was not measured');
  const { criterion, grid, samples, seed, dataset } = sweep;
  return {
    note: NOTE,
    sampling: { criterion, grid, samples, seed, dataset },
    recalibration: { split: 'train', images: RECALIBRATION },
    base: { ...networkCost(bench.network), quality: base, timing: baseTiming },
    rows: rows.map(({ candidate, network, asCut, recalibrated, file }, i): DemoRow => {
      const timing = timings[i] ?? baseTiming;
      return {
        strategy: candidate.strategy,
        requested: candidate.share,
        achieved: candidate.pruned.search.achieved,
        ...networkCost(network),
        asCut,
        recalibrated,
        timing,
        speedup: baseTiming.latencyMs.p50 / timing.latencyMs.p50,
        widths: candidate.pruned.search.widths,
        file,
      };
    }),
    seconds: clock.seconds(),
    provenance: provenance({ ...bench, seed: sweep.seed }),
  };
}
