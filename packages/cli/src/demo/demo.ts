import path from 'node:path';
import { measure, measurementOf, parseRecipe, type Quality, speedup } from '@espalier/engines';
import { type Network, networkCost } from '@espalier/network';
import {
  analyseOn,
  type Bench,
  counting,
  type Observer,
  type Outcome,
  onBench,
  type PlanInput,
  parsePlan,
  provenance,
  pruneOn,
  qualityOf,
  readModel,
  type Standing,
  sampleOne,
  standing,
  type Workplace,
} from '@espalier/pipeline';
import { type SamplingRun, searchStructure } from '@espalier/pruning';
import { dataOf, SAFE_TO_STOP, terminalObserver, workplaceOf } from '../computing.ts';
import { jsonText } from '../json.ts';
import type { ComputeOptions } from '../options.ts';
import { heatMap } from '../render/heat-map.ts';
import { heatMapSvg } from '../render/heat-map-svg.ts';
import { count, magnitude } from '../render/units.ts';
import { openFolder, writeText } from '../stages/output.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';
import type { DemoFinetuning, DemoResults, DemoRow } from './results.ts';
import {
  CRITERION,
  DATASET,
  FINETUNING_RATE,
  FINETUNING_STEPS,
  GRID,
  MODEL_FILE,
  NOTE,
  OUTLINED,
  REPAIR_IMAGES,
  SAMPLES,
  SHARES,
  STRATEGIES,
  type Strategy,
} from './settings.ts';

/** How the demo says what it is doing. */
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
  readonly place: Workplace;
  readonly observer: Observer;
  readonly clock: Stopwatch;
  readonly context: Context;
  readonly hooks: DemoHooks;
}

/** The whole way on one network: sampling, search, cut, repair, evaluation, timing. */
export async function runDemo(
  options: DemoOptions,
  context: Context,
  hooks: DemoHooks,
): Promise<DemoResults> {
  const { out, seed } = options;
  await openFolder('--out', out);
  const clock = new Stopwatch();
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const network = await readModel({ file: MODEL_FILE }, observer);
  context.terminal.stopNote = SAFE_TO_STOP;
  return onBench(network, dataOf({ dataset: DATASET }), place, observer, async (bench) => {
    const demo = { out, seed, bench, place, observer, clock, context, hooks };
    const sweep = await sampleGrid(demo);
    const tested = await testAll(demo, sweep);
    const finetuning = await finetuneOutlined(demo, sweep, tested.rows);
    const results = { ...(await timeAll(demo, tested, sweep)), finetuning };
    await writeText(path.join(out, 'results.json'), jsonText(results));
    return results;
  });
}

const SAMPLING = { grid: GRID, samples: SAMPLES };
const OUTLINED_TARGET = { metric: 'macs', share: OUTLINED.share } as const;

async function sampleGrid(demo: Demo): Promise<SamplingRun> {
  const { out, seed, bench, place, observer, clock, context, hooks } = demo;
  const analysis = await analyseOn(bench, { criterion: CRITERION, seed }, place, observer);
  const { params, macs } = networkCost(bench.network);
  hooks.onStage(
    `ResNet-20 on CIFAR-10: ${magnitude(params)} params, ${magnitude(macs)} MACs, ${analysis.rankings.length} channel groups to prune`,
  );
  hooks.onStage(
    `sampling: one group at a time, at ${GRID.length} ratios, on ${count(SAMPLES)} images of the search split`,
  );
  const { sampling, allocation, limits } = planFor(demo, outlinedStrategy(), OUTLINED.share, {});
  const { run } = await clock.time('sampling', () => sampleOne(bench, analysis, sampling, place, observer));
  context.terminal.endProgress();
  const goal = { network: bench.network, ...analysis, allocation, target: OUTLINED_TARGET };
  const { widths } = searchStructure({ ...goal, limits, sweep: run });
  hooks.onSampled(run, widths);
  await writeText(path.join(out, 'sweep.json'), jsonText(run));
  await writeText(path.join(out, 'heatmap.svg'), heatMapSvg(heatMap(run, widths)));
  return run;
}

function planFor(
  { seed }: Pick<Demo, 'seed'>,
  { allocation, criterion }: Strategy,
  share: number,
  more: Partial<PlanInput>,
) {
  return parsePlan({
    ...{ model: { file: MODEL_FILE }, data: { spec: DATASET }, allocation, criterion, seed },
    target: { metric: 'macs', share },
    sampling: { ...SAMPLING, seed },
    repair: REPAIR_IMAGES,
    ...more,
  });
}

function outlinedStrategy(): Strategy {
  const strategy = STRATEGIES.find(({ name }) => name === OUTLINED.strategy);
  if (!strategy) throw new Error('there is no outlined strategy');
  return strategy;
}

interface Tested extends Outcome {
  readonly strategy: Strategy;
  readonly share: number;
  readonly file: string;
}

async function testAll(demo: Demo, sweep: SamplingRun): Promise<{ base: Quality; rows: Tested[] }> {
  const { bench, hooks, place, observer, clock } = demo;
  const all = SHARES.flatMap((share) => STRATEGIES.map((strategy) => ({ strategy, share })));
  hooks.onStage(
    `testing ${all.length} pruned networks on ${count(bench.dataset.splits.test.n)} test images, as cut and repaired with ${count(REPAIR_IMAGES)} training images`,
  );
  const base = await clock.time('evaluating', () =>
    standing(bench, bench.network, 'the base', place, observer),
  );
  const rows: Tested[] = [];
  for (const { strategy, share } of all) {
    const file = `resnet20-${strategy.name}-${percentOf(share)}.onnx`;
    const plan = planFor(demo, strategy, share, { tests: { base: false } });
    rows.push({ strategy, share, file, ...(await pruned(demo, plan, sweep, file)) });
  }
  return { base: quality(base), rows };
}

/** With its stages in the demo's clock. */
async function pruned(
  { bench, place, observer, clock, out }: Demo,
  plan: ReturnType<typeof planFor>,
  sweep: SamplingRun,
  file: string,
): Promise<Outcome> {
  const given = plan.criterion === CRITERION ? { sweep } : {};
  const outcome = await pruneOn(bench, plan, place, observer, { ...given, out: path.join(out, file) });
  clock.add(outcome.result.seconds);
  return outcome;
}

function percentOf(share: number): number {
  return Math.round(share * 100);
}

/** A few steps of training, so that one sees accuracy come back. */
async function finetuneOutlined(
  demo: Demo,
  sweep: SamplingRun,
  rows: readonly Tested[],
): Promise<DemoFinetuning> {
  const { context, hooks } = demo;
  const { strategy, share } = OUTLINED;
  const row = rows.find((each) => each.strategy.name === strategy && each.share === share);
  if (!row) throw new Error('the outlined strategy was not tested');
  const recipe = parseRecipe({ steps: FINETUNING_STEPS, learningRate: FINETUNING_RATE });
  hooks.onStage(
    `fine-tuning ${strategy} ${percentOf(share)} % for ${count(FINETUNING_STEPS)} steps of ${recipe.batch} images (espalier finetune takes ${recipe.epochs} epochs)`,
  );
  const file = row.file.replace(/\.onnx$/, '-finetuned.onnx');
  const plan = planFor(demo, row.strategy, share, { recipe, tests: { base: false, cut: false } });
  const { result } = await pruned(demo, plan, sweep, file);
  context.terminal.endProgress();
  if (!result.finetuning) throw new Error('the outlined network was not fine-tuned');
  const { steps, recipeHash } = result.finetuning;
  return {
    ...{ strategy, requested: share, steps, batch: recipe.batch, recipeHash, file },
    quality: quality(result.after),
    seconds: result.seconds.finetuning ?? 0,
  };
}

function quality(of: Standing): Quality {
  const tested = qualityOf(of);
  if (!tested) throw new Error('the demo tests what it shows');
  const { top1, top5, loss, n } = tested;
  return { top1, top5, loss, n };
}

async function timeAll(
  { bench, observer, clock, context, hooks }: Demo,
  { base, rows }: { base: Quality; rows: readonly Tested[] },
  sweep: SamplingRun,
): Promise<Omit<DemoResults, 'finetuning'>> {
  hooks.onStage('measuring latency, the runs of all networks interleaved');
  const networks: Network[] = [bench.network, ...rows.map(({ network }) => network)];
  const subjects = networks.map((network) => ({ network, engine: bench.engine }));
  const onProgress = counting(observer, 'measuring', 'runs');
  const [baseTiming, ...timings] = await clock.time('measuring', () =>
    measure(subjects, { signal: context.signal, onProgress }),
  );
  context.terminal.endProgress();
  if (!baseTiming) throw new Error('the base was not measured');
  const { criterion, grid, samples, seed, dataset } = sweep;
  return {
    note: NOTE,
    sampling: { criterion, grid, samples, seed, dataset },
    repair: { split: 'train', images: REPAIR_IMAGES },
    base: { ...networkCost(bench.network), quality: base, timing: measurementOf(baseTiming) },
    rows: rows.map(({ strategy, share, result, network, file }, i): DemoRow => {
      const timed = timings[i] ?? baseTiming;
      return {
        ...{ strategy, requested: share, achieved: result.achieved, file },
        ...networkCost(network),
        asCut: quality(result.pruned),
        repaired: quality(result.after),
        timing: measurementOf(timed),
        speedup: speedup(timed, baseTiming),
        widths: result.structure.map(({ after }) => after),
      };
    }),
    seconds: clock.seconds(),
    provenance: provenance({ ...bench, seed: sweep.seed }),
  };
}
