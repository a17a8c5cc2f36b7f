import {
  findCriterion,
  type Sampled,
  type SamplingRun,
  type SweepShard,
  sampleShard,
} from '@espalier/pruning';
import type { Command } from 'commander';
import { MisuseError } from '../failure.ts';
import { jsonText, printJson } from '../json.ts';
import {
  type ComputeOptions,
  DATASET,
  type JsonOption,
  MODEL,
  type ModelOptions,
  type SweepOptions,
  shardValue,
  withComputeOptions,
  withJson,
  withModelOptions,
  withSweepOptions,
} from '../options.ts';
import { provenance } from '../provenance.ts';
import { heatMap } from '../render/heat-map.ts';
import { heatMapSvg } from '../render/heat-map-svg.ts';
import { sweepText } from '../render/sweep.ts';
import { plural } from '../render/units.ts';
import { analyse } from '../stages/analysis.ts';
import { onBench } from '../stages/bench.ts';
import { readModel } from '../stages/model.ts';
import { checkOutputs, writeText } from '../stages/output.ts';
import { runSampling, SAFE_TO_STOP, type SamplingInput, samplingRequest } from '../stages/sampling.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Prunes every channel group separately at each ratio of the grid and records the accuracy on images of the
search split, which is held out of the training data. From these samples come the contribution matrix (each
group's share of the damage at equal ratio) and the importance of the groups. This is our reconstruction of
the grid sampling and contribution matrices of cross-layer importance evaluation (CIE).

What is measured is stored at once: a sweep that was stopped goes on where it was, a finer grid or more
samples only add what is missing.

Examples:
  espalier sweep net.onnx --dataset cifar10
  espalier sweep net.onnx --dataset cifar10 --grid 0.05:0.95:0.05 --samples 5000 --out net.sweep.json
  espalier sweep net.onnx --dataset cifar10 --heatmap contribution.svg
  espalier sweep net.onnx --dataset cifar10 --shard 2/4 --out part2.json   (then: espalier merge)`;

interface Options extends ModelOptions, SweepOptions, ComputeOptions, JsonOption {
  readonly dataset: string;
  readonly out?: string;
  readonly heatmap?: string;
  readonly shard?: SweepShard['shard'];
}

export function registerSweep(program: Command, context: Context): void {
  const command = program.command('sweep').summary('sample how much each channel group matters');
  command
    .description('Samples accuracy over channel groups and ratios: what prune decides by.')
    .argument(...MODEL)
    .requiredOption(...DATASET)
    .option('--out <file>', 'write the sweep (JSON), for prune --sweep')
    .option('--heatmap <file>', 'write the contribution matrix as a picture (SVG)')
    .option(
      '--shard <i/n>',
      'measure the i-th of n shares of the images, to split a sweep over machines',
      shardValue,
    );
  withModelOptions(withComputeOptions(withSweepOptions(withJson(command))))
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => sweep(model, options, context));
}

async function sweep(model: string, options: Options, context: Context): Promise<void> {
  checkShardOptions(options);
  findCriterion(options.criterion);
  await checkOutputs(
    [
      { option: '--out', file: options.out },
      { option: '--heatmap', file: options.heatmap },
    ],
    [model, options.preprocessing],
  );
  const read = await readModel(model, options, context);
  const analysis = analyse(read, options);
  await onBench(read, options, context, async (bench) => {
    const input = { ...bench, analysis };
    if (options.shard) await sweepShard(input, options, options.shard, context);
    else await sweepWhole(input, options, context);
  });
}

function checkShardOptions({ shard, out, json, heatmap }: Options): void {
  if (!shard) return;
  if (out === undefined) throw new MisuseError('--shard needs --out FILE: a share is only good for merging');
  if (json || heatmap)
    throw new MisuseError('--shard has no matrix to show: leave --json and --heatmap to merge');
}

async function sweepWhole(input: SamplingInput, options: Options, context: Context): Promise<void> {
  const sampled = await runSampling(input, options, context);
  await writeSweep(sampled.run, options);
  if (options.json) printJson(sweepReport(sampled, input, options.seed));
  else print(sweepText(sampled));
}

/** Writes what `--out` and `--heatmap` ask for. Nothing in the files depends on when or how fast it was measured. */
export async function writeSweep(
  run: SamplingRun,
  { out, heatmap }: { readonly out?: string; readonly heatmap?: string },
): Promise<void> {
  if (out !== undefined) await writeText(out, jsonText(run));
  if (heatmap !== undefined) await writeText(heatmap, heatMapSvg(heatMap(run)));
}

function sweepReport(
  { run, cached, seconds }: Sampled,
  { network, dataset, engine }: SamplingInput,
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

async function sweepShard(
  input: SamplingInput,
  options: Options,
  shard: SweepShard['shard'],
  context: Context,
): Promise<void> {
  const { terminal } = context;
  const progress = terminal.progress(`sampling ${shard.index}/${shard.of}`, 'image cells');
  terminal.stopNote = SAFE_TO_STOP;
  const { rankings, cost, criterion } = input.analysis;
  const [measured] = await sampleShard(
    {
      ...samplingRequest(input, options, context),
      criteria: [{ criterion: findCriterion(criterion), rankings, cost }],
      onProgress: ({ done, total }) => progress.update(done, total),
    },
    shard,
  );
  terminal.endProgress();
  await writeText(options.out ?? '', `${JSON.stringify(measured)}\n`);
  const images = measured?.blocks.reduce((sum, { n }) => sum + n, 0) ?? 0;
  print(`share ${shard.index} of ${shard.of}, ${plural(images, 'image')}, written to ${options.out}`);
}
