import path from 'node:path';
import {
  type Benchmark,
  conditions,
  curvesSvg,
  markdown,
  parseBenchmark,
  type Results,
  type SectionSummary,
  summarise,
  tablesOf,
} from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import { type Command, InvalidArgumentError } from 'commander';
import type { BenchmarkOutcome } from '../benchmark/run-benchmark.ts';
import { openData } from '../computing.ts';
import { jsonText, printJson } from '../json.ts';
import { type JsonOption, repeatable, wholeNumber, withJson } from '../options.ts';
import { onStdout } from '../render/colour.ts';
import { table } from '../render/table.ts';
import { readJson } from '../stages/json-file.ts';
import { openFolder, removeUnfinished, writeText } from '../stages/output.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
The file lists models, strategies, targets and seeds (JSON; docs/guide/cli.md describes all fields):

  { "name": "my benchmark", "dataset": "cifar10",
    "models": [{ "name": "net", "file": "net.onnx" }],
    "sections": [{ "title": "As cut", "strategies": ["cie:l1", "uniform:l1", "uniform:random"],
                   "targets": ["macs=0.3", "macs=0.5"], "seeds": [0, 1, 2],
                   "samples": 1600, "disjointSamples": true }] }

The first strategy of a section is compared with the others. Every result is stored at once: a stopped benchmark
continues with the same command, and a larger one computes only what is new. Each result uses one thread, and as many
run in parallel as there are cores.

Latency targets ("latency=0.5", "latency=2.5ms") need a profile of the model's device: "profile" of the model, or
--profile NAME=FILE. Latency is predicted, since nothing can be timed while other results are computed.

Examples:
  espalier benchmark benchmarks/cifar10.json --only resnet20 --out results/
  espalier benchmark benchmarks/cifar10.json --model vgg16-half=vgg16-half-cifar10.onnx --out results/
  espalier benchmark mine.json --json > results.json`;

interface Options extends JsonOption {
  readonly out?: string;
  readonly only: readonly string[];
  readonly model: readonly (readonly [string, string])[];
  readonly profile: readonly (readonly [string, string])[];
  readonly engine: string;
  readonly processes?: number;
  readonly threads?: number;
  readonly render?: boolean;
}

export function registerBenchmark(program: Command, context: Context): void {
  const command = program.command('benchmark').summary('compare strategies under equal conditions');
  command
    .description('Prunes models with many strategies, targets and seeds, and writes tables and curves.')
    .argument('<file>', 'the benchmark (JSON)')
    .option('--out <folder>', 'write tables (Markdown), curves (SVG) and all numbers (JSON)')
    .option('--only <model>', 'use only this model (repeatable)', repeatable(String), [])
    .option('--model <name=file>', "path of a model's file (repeatable)", repeatable(modelValue), [])
    .option(
      '--profile <name=file>',
      "a model's device profile, for latency targets (repeatable)",
      repeatable(modelValue),
      [],
    )
    .option('--engine <name>', 'auto, onnxruntime or tensorflow', 'auto')
    .option('--processes <n>', 'results computed in parallel (default: one per thread)', wholeNumber(1))
    .option('--threads <n>', 'cores to use (default: all)', wholeNumber(1));
  withJson(command)
    .addHelpText('after', HELP)
    .action((file: string, options: Options) => benchmarkFile(file, options, context));
}

function modelValue(text: string): Options['model'][number] {
  const [, name = '', file = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === '' || file === '') throw new InvalidArgumentError('Give it as NAME=FILE.');
  return [name, file];
}

async function benchmarkFile(file: string, options: Options, context: Context): Promise<void> {
  const value = await readJson(file);
  const asked = chosen(parseBenchmark(value, file), file, options);
  const { out } = options;
  if (out !== undefined) {
    await openFolder('--out', out);
    await removeUnfinished(out, fileNames(asked));
  }
  const { name, splits, close } = await openData(asked, context);
  await close();
  const benchmark = chosen(
    parseBenchmark(value, file, { search: splits.search.n, train: splits.train.n }),
    file,
    options,
  );
  benchmark.sections.forEach(({ title, samples }, i) => {
    if (samples !== asked.sections[i]?.samples) {
      context.terminal.warn(
        `section "${title}": sampling on ${samples} images of the search split of ${name}`,
      );
    }
  });
  // With all of the platform's worker: every other command would wait for it.
  const { runBenchmark } = await import('../benchmark/run-benchmark.ts');
  const outcome = await runBenchmark(benchmark, options, context, async (results) => {
    if (out !== undefined) await writeAll(out, benchmark, results);
  });
  const summaries = summarise(benchmark, outcome);
  if (out !== undefined) await writeAll(out, benchmark, outcome);
  if (options.json)
    printJson({ benchmark: benchmark.name, sections: summaries.map(plain), refused: refusals(outcome) });
  else print(benchmarkText(benchmark, summaries, outcome));
}

/** With the models that are wanted, each where its file is: as named from the benchmark's own folder. */
function chosen(benchmark: Benchmark, file: string, { only, model, profile }: Options): Benchmark {
  const [given, profiles] = [new Map(model), new Map(profile)];
  const at = (named: string | undefined) =>
    named === undefined ? undefined : path.resolve(path.dirname(file), named);
  const names = benchmark.models.map(({ name }) => name);
  const unknown = [...only, ...given.keys(), ...profiles.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`${file} has no model "${unknown}"; its models are ${names.join(', ')}`);
  }
  return {
    ...benchmark,
    models: benchmark.models
      .filter(({ name }) => only.length === 0 || only.includes(name))
      .map(({ name, file: named, profile: device }) => ({
        name,
        file: given.get(name) ?? path.resolve(path.dirname(file), named),
        profile: profiles.get(name) ?? at(device),
      })),
  };
}

const TABLES = 'results.md';
const NUMBERS = 'results.json';

/** Of all that a benchmark may write. */
function fileNames({ models, sections }: Benchmark): string[] {
  const pictures = models.flatMap(({ name: model }) =>
    sections.map((section) => pictureName({ model, section })),
  );
  return [TABLES, NUMBERS, ...pictures];
}

async function writeAll(folder: string, benchmark: Benchmark, results: Results): Promise<void> {
  const summaries = summarise(benchmark, results);
  const pictures = summaries.flatMap((summary) => {
    const svg = curvesSvg(summary);
    return svg === null ? [] : [{ summary, svg, name: pictureName(summary) }];
  });
  for (const { svg, name } of pictures) await writeText(path.join(folder, name), svg);
  const links = new Map(pictures.map(({ summary, name }) => [summary, name]));
  await writeText(path.join(folder, TABLES), markdown(benchmark, summaries, links));
  await writeText(
    path.join(folder, NUMBERS),
    jsonText({ benchmark: benchmark.name, sections: summaries.map(plain) }),
  );
}

function pictureName({ model, section }: Pick<SectionSummary, 'model' | 'section'>): string {
  const words = `${model} ${section.title}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${words.replaceAll(/^-|-$/g, '')}.svg`;
}

/** Without the bitmaps, which only the tests need. */
function plain({ section, base, ...rest }: SectionSummary) {
  const { hits: _, ...unpruned } = base ?? { hits: '' };
  return { title: section.title, base: base && unpruned, ...rest };
}

function refusals({ refused }: Pick<BenchmarkOutcome, 'refused'>) {
  return [...refused].map(([name, reason]) => ({ name, reason }));
}

function benchmarkText(
  benchmark: Benchmark,
  summaries: readonly SectionSummary[],
  { refused }: BenchmarkOutcome,
): string {
  const parts = summaries.map((summary) => {
    const tables = tablesOf(summary).map(({ caption, heads, rows }) => {
      const columns = heads.map((title, i) => ({
        title,
        align: i === 0 ? ('left' as const) : ('right' as const),
      }));
      return `${onStdout.dim(caption)}\n${table(columns, rows)}`;
    });
    const title = onStdout.bold(`${summary.section.title}: ${summary.model}`);
    return [`${title}\n${onStdout.dim(conditions(summary.section))}`, ...tables].join('\n\n');
  });
  const failed = refusals({ refused }).map(({ name, reason }) => `${name}: ${reason}`);
  const notes = failed.length > 0 ? [`Not computed:\n${failed.join('\n')}`] : [];
  const source = 'CIE is our reconstruction of the published method.';
  return [onStdout.bold(benchmark.name), ...parts, ...notes, onStdout.dim(source)].join('\n\n');
}
