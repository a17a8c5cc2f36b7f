import path from 'node:path';
import { METRIC_CHOICES } from '@espalier/engines';
import {
  analyseOn,
  analyseWeights,
  type Bench,
  type Observer,
  onBench,
  type PrunePlan,
  provenance,
  readModel,
  sampleOn,
  sampleOne,
  sampleShardOn,
  sayFewer,
  sweepRequest,
  type Workplace,
} from '@espalier/pipeline';
import { type Analysis, findCriterion, planOf, type SamplingRun, type SweepShard } from '@espalier/pruning';
import type { Command } from 'commander';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import { MisuseError } from '../failure.ts';
import { jsonText, printJson } from '../json.ts';
import { BY_IMAGES, CRITERION_LIST } from '../methods.ts';
import {
  askedOf,
  type ComputeOptions,
  DATASET,
  type DataOptions,
  type JsonOption,
  MODEL,
  type ModelOptions,
  type SweepOptions,
  shardValue,
  valAsOption,
  withComputeOptions,
  withJson,
  withModelOptions,
  withSweepOptions,
} from '../options.ts';
import { heatMap } from '../render/heat-map.ts';
import { heatMapSvg } from '../render/heat-map-svg.ts';
import { planReport, planText } from '../render/plan.ts';
import { sweepText } from '../render/sweep.ts';
import { duration, percent, plural } from '../render/units.ts';
import { checkOutputs, writeText } from '../stages/output.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Prunes every channel group separately at each ratio of the grid and records the accuracy on images of the
search split, which is held out of the training data. The samples give the contribution matrix (each
group's share of the total drop at equal ratio) and the importance of the groups. This is our reconstruction of
the grid sampling and contribution matrices of cross-layer importance evaluation (CIE).

Measurements are stored at once: a stopped sweep continues where it stopped, and a finer grid or more samples only
measure what is missing. Several criteria in one call share common cells.

Criteria:
${CRITERION_LIST}
${BY_IMAGES} read their training images first; the sweep's file has the order that they find.

Examples:
  espalier sweep net.onnx --dataset cifar10
  espalier sweep net.onnx --dataset cifar10 --grid 0.05:0.95:0.05 --samples 5000 --out net.sweep.json
  espalier sweep net.onnx --dataset cifar10 --plan
  espalier sweep net.onnx --dataset cifar10 --criterion l1,fpgm --out net.json   (net.l1.json, net.fpgm.json)
  espalier sweep net.onnx --dataset cifar10 --criterion taylor:max --out net.sweep.json
  espalier sweep net.onnx --dataset cifar10 --heatmap contribution.svg
  espalier sweep net.onnx --dataset cifar10 --shard 2/4 --out part2.json   (then: espalier merge)`;

interface Options extends ModelOptions, DataOptions, SweepOptions, ComputeOptions, JsonOption {
  readonly out?: string;
  readonly heatmap?: string;
  readonly shard?: SweepShard['shard'];
  readonly plan?: boolean;
}

export function registerSweep(program: Command, context: Context): void {
  const command = program.command('sweep').summary('sample how much each channel group matters');
  command
    .description('Samples accuracy over channel groups and ratios, for prune.')
    .argument(...MODEL)
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .option('--out <file>', 'write the sweep (JSON), for prune --sweep')
    .option('--heatmap <file>', 'write the contribution matrix as a picture (SVG)')
    .option('--plan', 'show how each group would be measured and at what cost; measure nothing')
    .option(
      '--shard <i/n>',
      'measure the i-th of n shards of the images, to split a sweep over machines',
      shardValue,
    );
  withModelOptions(withComputeOptions(withSweepOptions(withJson(command))))
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => sweep(model, options, context));
}

async function sweep(model: string, options: Options, context: Context): Promise<void> {
  checkShardOptions(options);
  const criteria = criteriaOf(options);
  const { out, heatmap } = options;
  const filesFor = (file: string | undefined) => criteria.map((each) => fileFor(file, each, criteria));
  const outputs = { '--out': filesFor(out), '--heatmap': filesFor(heatmap) };
  await checkOutputs(outputs, [model, options.preprocessing, options.dataset]);
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const data = dataOf(options);
  const read = await readModel({ ...askedOf(options), file: model }, observer, { data, place });
  const early = new Map<string, Analysis | undefined>();
  for (const criterion of criteria)
    early.set(criterion, await analyseWeights(read, { ...options, criterion }));
  if (options.shard && options.metric !== undefined && !METRIC_CHOICES.includes(options.metric)) {
    throw new MisuseError(
      '--shard needs a built-in metric, since other machines do not have this file: leave it out',
    );
  }
  await onBench(
    read,
    data,
    place,
    observer,
    async (bench) => {
      const analyses: Analysis[] = [];
      for (const criterion of criteria) {
        analyses.push(
          early.get(criterion) ?? (await analyseOn(bench, { ...options, criterion }, place, observer)),
        );
      }
      const [first, ...others] = analyses;
      if (!first) throw new Error('a sweep needs a criterion');
      const { grid, samples = null, skip, seed, allowInexact = false, adaptive = false } = options;
      const { metric = null, weight: weights } = options;
      const sampling = { grid: [...grid], samples, skip, seed, allowInexact, adaptive, metric, weights };
      const input: SweepInput = {
        bench,
        analyses: [first, ...others],
        sampling,
        place,
        observer,
        options,
        context,
      };
      sayFewer(sampling, bench.dataset, observer);
      observer.stage?.('sampling');
      if (options.plan) sweepPlan(input);
      else if (options.shard) await sweepShard(input, options.shard);
      else if (adaptive) await sweepAdaptively(input);
      else await sweepWhole(input);
    },
    options.metric ?? null,
  );
}

/** What is swept, and how it is asked for. */
interface SweepInput {
  readonly bench: Bench;
  readonly analyses: readonly [Analysis, ...Analysis[]];
  readonly sampling: PrunePlan['sampling'];
  readonly place: Workplace;
  readonly observer: Observer;
  readonly options: Options;
  readonly context: Context;
}

/** "l1,fpgm": several criteria in one pass. */
function criteriaOf({ criterion, shard, adaptive }: Options): string[] {
  const criteria = [...new Set(criterion.split(',').map((name) => findCriterion(name.trim()).name))];
  if (shard && criteria.length > 1) throw new MisuseError('--shard takes one criterion at a time');
  if (adaptive && criteria.length > 1) throw new MisuseError('--adaptive takes one criterion at a time');
  if (adaptive && shard) throw new MisuseError('--adaptive uses all images: it cannot be split with --shard');
  return criteria;
}

/** Several criteria write a file each: net.json becomes net.l1.json and net.l1-max.json. */
function fileFor(
  file: string | undefined,
  criterion: string,
  criteria: readonly string[],
): string | undefined {
  if (file === undefined || criteria.length === 1) return file;
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.${criterion.replace(':', '-')}${ext}`);
}

function sweepPlan({ bench, analyses, sampling, place, options }: SweepInput): void {
  const request = sweepRequest(bench, analyses, sampling, place);
  const { samples } = request;
  const plan = planOf(request);
  if (options.json) printJson(planReport(plan, samples));
  else print(planText(plan, samples));
}

function checkShardOptions({ shard, out, json, heatmap }: Options): void {
  if (!shard) return;
  if (out === undefined)
    throw new MisuseError('--shard needs --out FILE: a shard is only useful for merging');
  if (json || heatmap)
    throw new MisuseError('--shard has no matrix to show: use --json and --heatmap with merge');
}

async function sweepWhole(input: SweepInput): Promise<void> {
  const { bench, analyses, sampling, place, observer, options, context } = input;
  const { runs, cached, seconds } = await sampleOn(bench, analyses, sampling, place, observer);
  context.terminal.endProgress();
  const criteria = runs.map(({ criterion }) => criterion);
  for (const run of runs) {
    await writeSweep(run, {
      out: fileFor(options.out, run.criterion, criteria),
      heatmap: fileFor(options.heatmap, run.criterion, criteria),
    });
  }
  const [first, ...others] = runs;
  if (!first) throw new Error('a sweep gives a run for every criterion');
  const { json, seed } = options;
  if (others.length === 0) {
    const sampled = { run: first, cached, seconds };
    if (json) printJson(sweepReport(sampled, bench, seed));
    else print(sweepText(sampled));
  } else if (json) {
    printJson({ runs, cached, seconds, provenance: provenance({ ...bench, seed }) });
  } else {
    print(runs.map((run) => sweepText({ run })).join('\n\n'));
    print(`\n${plural(runs.length, 'criterion', 'criteria')} in one pass, in ${duration(seconds)}`);
  }
}

async function sweepAdaptively(input: SweepInput): Promise<void> {
  const { bench, analyses, sampling, place, observer, options, context } = input;
  const sampled = await sampleOne(bench, analyses[0], sampling, place, observer);
  context.terminal.endProgress();
  await writeSweep(sampled.run, options);
  if (options.json) printJson({ ...sweepReport(sampled, bench, options.seed), measured: sampled.measured });
  else {
    print(sweepText({ run: sampled.run, seconds: sampled.seconds }));
    print(`measured ${percent(sampled.measured ?? 1, 1000)} of all images and cells, the rest is inferred`);
  }
}

/** Writes what `--out` and `--heatmap` ask for. Nothing in the files depends on when or how fast it was measured. */
export async function writeSweep(
  run: SamplingRun,
  { out, heatmap }: { readonly out?: string | undefined; readonly heatmap?: string | undefined },
): Promise<void> {
  if (out !== undefined) await writeText(out, jsonText(run));
  if (heatmap !== undefined) await writeText(heatmap, heatMapSvg(heatMap(run)));
}

function sweepReport(
  { run, cached, seconds }: { readonly run: SamplingRun; readonly cached: number; readonly seconds: number },
  { network, dataset, engine }: Bench,
  seed: number,
) {
  const { format, version, baseline, groups, grid, accuracy, loss, drop, contribution, ...rest } = run;
  return {
    format,
    version,
    baseline,
    groups,
    grid,
    accuracy,
    loss,
    drop,
    contribution,
    ...rest,
    cached,
    seconds,
    provenance: provenance({ network, dataset, engine, seed }),
  };
}

async function sweepShard(input: SweepInput, share: SweepShard['shard']): Promise<void> {
  const { bench, analyses, sampling, place, observer, options, context } = input;
  const measured = await sampleShardOn(bench, analyses[0], sampling, share, place, observer);
  context.terminal.endProgress();
  await writeText(options.out ?? '', `${JSON.stringify(measured)}\n`);
  const images = measured.blocks.reduce((sum, { n }) => sum + n, 0);
  print(`shard ${share.index} of ${share.of}, ${plural(images, 'image')}, written to ${options.out}`);
}
