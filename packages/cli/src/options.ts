import type { ValAs } from '@espalier/datasets';
import {
  isRecipeName,
  loadMetric,
  METRIC_CHOICES,
  METRIC_NAMES,
  type OutputWeights,
  recipeNames,
} from '@espalier/engines';
import type { InputShape } from '@espalier/formats';
import {
  type AskedTarget,
  allocationNames,
  criterionNames,
  DEFAULT_GRID,
  parseGrid,
  parseShard,
  parseTarget,
  reductionNames,
  type SweepShard,
  TARGET_FORMS,
  type WidthLimits,
} from '@espalier/pruning';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DRAWN_CRITERIA } from './methods.ts';

export interface JsonOption {
  readonly json?: boolean | undefined;
}

export interface ModelOptions {
  readonly preprocessing?: string | undefined;
  /** Of inputs that a file leaves open. */
  readonly input?: readonly InputShape[] | undefined;
  /** Inputs that have one number throughout. */
  readonly set?: Readonly<Record<string, number>> | undefined;
  /** Values that the network ends in. */
  readonly output?: readonly string[] | undefined;
}

/** What a model is read with. */
export function askedOf({ preprocessing, input, set, output }: ModelOptions): ModelOptions {
  return { preprocessing, input, set, output };
}

export interface DataOptions {
  readonly dataset: string;
  readonly valAs?: ValAs;
}

export interface ComputeOptions {
  readonly seed: number;
  readonly engine: string;
  readonly threads?: number;
}

/** Of a command that runs a model. */
export type RunOptions = ModelOptions & ComputeOptions & JsonOption;

export interface GroupsOption {
  readonly allowInexact?: boolean;
}

export interface MetricOptions {
  /** Left out: see `metricFor`. */
  readonly metric?: string;
  readonly weight: OutputWeights;
}

export interface SweepOptions extends GroupsOption, MetricOptions {
  readonly criterion: string;
  readonly grid: readonly number[];
  readonly samples?: number;
  readonly skip: number;
  readonly naive?: boolean;
  readonly fresh?: boolean;
  readonly adaptive?: boolean;
  readonly processes?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** What the command line says of a recipe; it overrides what the recipe says. */
export interface RecipeFlags {
  /** Its name, or its file. */
  readonly recipe?: string | undefined;
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  readonly batch?: number | undefined;
  readonly lr?: number | undefined;
}

export interface PackOptions {
  readonly size?: { readonly height: number; readonly width: number };
  readonly resize?: number;
  readonly channels?: 1 | 3;
  readonly valAs?: ValAs;
}

export interface LimitOptions extends Required<Omit<WidthLimits, 'widths'>> {}

export const MODEL = [
  '<model>',
  'an .onnx file, the model.json of a TensorFlow.js model, or a .keras or .h5 file',
] as const;
export const DATASET = [
  '--dataset <name>',
  'cifar10, mnist, fashion-mnist, a folder of images, or a packed data set',
] as const;

export function valAsOption(): Option {
  return new Option('--val-as <split>', 'how to use val/ of a folder without test/ (default: test)').choices([
    'test',
    'search',
    'both',
  ]);
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print exactly one JSON object on stdout');
}

export function withModelOptions(command: Command): Command {
  return command
    .option(
      '--preprocessing <file>',
      "how pixels become the input (JSON), if the model's file does not say so",
    )
    .option(
      '--input <shape>',
      'the size to use, 1x3x48x192, if the file leaves it open; NAME=SHAPE for one of several inputs, or an inner value to begin at',
      inputValue,
    )
    .option('--set <name=value>', 'an input whose values all are this number', setValue)
    .option('--output <name>', 'the value to end at: one of several outputs, or an inner value', eachValue);
}

function setValue(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give it as NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: number(text.slice(at + 1)) };
}

function eachValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

const INPUT = /^(?:(?<name>.+)=)?(?<shape>[1-9]\d*(?:x[1-9]\d*)*)$/;

/** "1x3x48x192" or "x=1x3x48x192", again and again. */
function inputValue(text: string, before: readonly InputShape[] = []): readonly InputShape[] {
  const { name, shape } = INPUT.exec(text.trim())?.groups ?? {};
  if (shape === undefined)
    throw new InvalidArgumentError('Give it as 1x3x48x192, or with a name: x=1x3x48x192.');
  return [...before, { ...(name === undefined ? {} : { name }), shape: shape.split('x').map(Number) }];
}

export function withGroupsOption(command: Command): Command {
  return command.option(
    '--allow-inexact',
    'also prune channels that a normalisation mixes: removing them differs from zeroing them',
  );
}

export function withComputeOptions(command: Command): Command {
  return command
    .option('--seed <n>', `draws the sample, and the random choices of ${DRAWN_CRITERIA}`, wholeNumber(0), 0)
    .option('--engine <name>', 'auto, onnxruntime or tensorflow', 'auto')
    .option('--threads <n>', 'cores to use (default: all)', wholeNumber(1));
}

export function withRunOptions(command: Command): Command {
  return withModelOptions(withComputeOptions(withJson(command)));
}

export function withRecipeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--epochs <n>', 'passes over the training split').argParser(positive).conflicts('steps'),
    )
    .option('--steps <n>', 'batches, instead of epochs', wholeNumber(1))
    .option('--batch <n>', 'images per step (default: 128)', wholeNumber(1))
    .option('--lr <rate>', 'the highest learning rate', positive)
    .option('--recipe <name>', `${recipeNames.join(', ')}, or a file (JSON)`)
    .option('--checkpoint-every <n>', 'steps between checkpoints', wholeNumber(1), 200);
}

export function withPackOptions(command: Command): Command {
  return command
    .option('--size <pixels>', 'one size for all images: 224, or height x width as 224x160', sizeValue)
    .option('--resize <pixels>', 'scale the shorter side to this, then crop to --size', wholeNumber(1))
    .option('--channels <n>', '1 for grey, 3 for colour', channelsValue)
    .addOption(valAsOption());
}

function sizeValue(text: string): PackOptions['size'] {
  const [, height = '', width = height] = /^(\d+)(?:x(\d+))?$/.exec(text.trim()) ?? [];
  if (height === '') throw new InvalidArgumentError('Give it as 224 or 224x160.');
  return { height: wholeNumber(1)(height), width: wholeNumber(1)(width) };
}

function channelsValue(text: string): PackOptions['channels'] {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('Give 1 or 3.');
  return text === '1' ? 1 : 3;
}

/** "quick", "epochs=10,lr=0.02", "standard,epochs=5": what --finetune takes. */
export function finetuneValue(text: string): RecipeFlags {
  const flags: { -readonly [K in keyof RecipeFlags]: RecipeFlags[K] } = {};
  for (const part of text.split(',')) {
    const [key = '', value = ''] = part.split('=').map((each) => each.trim());
    if (isRecipeName(part.trim())) flags.recipe = part.trim();
    else if (key === 'epochs' || key === 'lr') flags[key] = positive(value);
    else if (key === 'steps' || key === 'batch') flags[key] = wholeNumber(1)(value);
    else if (key === 'recipe' && value !== '') flags.recipe = value;
    else {
      throw new InvalidArgumentError(
        `Give it as ${recipeNames.join(', ')}, epochs=10 or recipe=FILE; epochs, steps, batch, lr, recipe.`,
      );
    }
  }
  return flags;
}

/** "0.92": a share from 0 to 1. */
export function fraction(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('Give a fraction from 0 to 1, not per cent.');
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

export const REPAIR =
  'images that repair the layers after the cut, 0: none (default: 2000, or all of the training split)';
export const RECALIBRATE = 'instead of the repair: recompute BatchNorm on n training images';
export const SAMPLES = 'images of the search split (default: 1000, or all if there are fewer)';

/** By what networks are judged, on a platform. */
export function withMetricOptions(command: Command): Command {
  return withWeights(command.addOption(metricOption(METRIC_NAMES, '').choices(METRIC_NAMES)));
}

/** The same on this machine, which runs metrics of your own. */
export function withOwnMetricOptions(command: Command): Command {
  const option = metricOption(METRIC_CHOICES, ', or FILE.mjs: your own metric');
  return withWeights(command.addOption(option.argParser(metricValue))).hook('preAction', async (called) => {
    const { metric } = called.opts<MetricOptions>();
    if (metric !== undefined && isFile(metric)) {
      called.setOptionValueWithSource('metric', (await loadMetric(metric)).name, 'cli');
    }
  });
}

function metricOption(names: readonly string[], more: string): Option {
  return new Option(
    '--metric <name>',
    `the quality metric: ${names.join(', ')}${more} (default: top1; cosine for embeddings, fidelity if images have no labels)`,
  );
}

function metricValue(text: string): string {
  if (METRIC_CHOICES.includes(text) || isFile(text)) return text;
  throw new InvalidArgumentError(
    `Known are ${METRIC_CHOICES.join(', ')}; your own metric is a module, FILE.mjs.`,
  );
}

function isFile(metric: string): boolean {
  return /\.m?js$/.test(metric);
}

function withWeights(command: Command): Command {
  return command.option(
    '--weight <output=n>',
    "an output's weight in fidelity, agreement, kl and cosine (repeatable; default: 1 each)",
    weightValue,
    {},
  );
}

/** "boxes=2" */
function weightValue(text: string, before: OutputWeights): OutputWeights {
  const [, output = '', weight = ''] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  const value = Number(weight.trim() || Number.NaN);
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Give it as boxes=2: the name of an output, and a number from 0.');
  }
  return { ...before, [output]: value };
}

export function withSweepOptions(command: Command): Command {
  return withOwnMetricOptions(withGroupsOption(command))
    .option(
      '--criterion <name>',
      `ranks the units inside a group: ${criterionNames.join(', ')}; over coupled layers by :${reductionNames.join(', :')} (l1:max)`,
      'l1',
    )
    .addOption(
      new Option('--grid <ratios>', 'ratios to sample, first:last:step or a list 0.25,0.5')
        .argParser(gridValue)
        .default(parseGrid(DEFAULT_GRID), DEFAULT_GRID),
    )
    .option('--samples <n>', SAMPLES, wholeNumber(1))
    .option('--skip <n>', 'skip the first n, to use other images of the same order', wholeNumber(0), 0)
    .option('--naive', 'one full masked forward pass per cell: slow, for checking')
    .option('--fresh', 'measure everything again and ignore stored samples')
    .option('--adaptive', 'measure only what affects the structure, infer the rest')
    .option(
      '--processes <n>',
      'processes that sample in parallel (default: one per thread, fewer for few images)',
      wholeNumber(1),
    )
    .option('--memory <size>', 'memory for the activations of all processes (default: 1GiB)', bytes);
}

export function withAllocationOptions(command: Command): Command {
  return withLimitOptions(
    command.option(
      '--allocation <name>',
      `decides what each group keeps: ${allocationNames.join(', ')}`,
      'cie',
    ),
  );
}

export function withLimitOptions(command: Command): Command {
  return command
    .option(
      '--align <n>',
      'kept widths are multiples of this, or the group stays whole; auto: of 8 for groups of 32 and more, of 4 below, which engines run fast; 1: any width',
      alignValue,
      'auto',
    )
    .option('--min-width <n>', 'the minimum number of units to keep in a group', wholeNumber(1), 1)
    .option('--max-ratio <share>', "the largest share of a group's units to remove", number, 0.9)
    .option('--keep <group>', 'a group that stays whole (repeatable)', repeatable(String), []);
}

function alignValue(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (!/^\d+$/.test(text.trim()) || Number(text) < 1) {
    throw new InvalidArgumentError('Give a whole number from 1, or auto.');
  }
  return wholeNumber(1)(text);
}

/** A whole number of at least `least`; anything else is misuse. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number from ${least}.`);
    }
    return value;
  };
}

/** "1,32": each once. */
export function wholeNumbers(least: number): (text: string) => number[] {
  return (text) => [...new Set(text.split(',').map(wholeNumber(least)))];
}

const SIZES: Readonly<Record<string, number>> = { M: 1e6, G: 1e9, MIB: 2 ** 20, GIB: 2 ** 30 };

/** "512MiB", "2G": at least 16 MB. */
function bytes(text: string): number {
  const [, value = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*(M|G|MIB|GIB)B?$/.exec(text.trim().toUpperCase()) ?? [];
  const size = Number(value) * (SIZES[unit] ?? Number.NaN);
  if (!(size >= 16e6)) throw new InvalidArgumentError('Give it as 512MiB or 2GiB, at least 16MB.');
  return size;
}

function number(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

/** Reads an option that may be given several times. */
export function repeatable<Value>(read: (text: string) => Value) {
  return (text: string, before: readonly Value[]): Value[] => [...before, read(text)];
}

// What is no grid or target at all is misuse; one with impossible numbers is bad input, told by the parsers.

function gridValue(text: string): number[] {
  if (!/^[\d\s.,:eE+-]*$/.test(text)) {
    throw new InvalidArgumentError('Give it as first:last:step (0.1:0.9:0.1) or as a list (0.25,0.5).');
  }
  return parseGrid(text);
}

export function targetValue(text: string): AskedTarget {
  if (!/^\w+=[\d.eE+-]+(ms)?$/.test(text)) throw new InvalidArgumentError(`Give it as ${TARGET_FORMS}.`);
  return parseTarget(text);
}

export function shardValue(text: string): SweepShard['shard'] {
  if (!/^\d+\/\d+$/.test(text)) throw new InvalidArgumentError('Give it as 2/8: the second of eight.');
  return parseShard(text);
}
