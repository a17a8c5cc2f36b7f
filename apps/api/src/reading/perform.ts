import { stat, writeFile } from 'node:fs/promises';
import {
  classCounts,
  contactSheet,
  type Dataset,
  defaultPreprocessing,
  manifestHash,
  manifestOf,
  openDataset,
} from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { bundleOf, bundleWith, metadataJson, printable, type ReadAs, readNetwork } from '@espalier/formats';
import { readProfile, stairsOf } from '@espalier/latency';
import { channelMap, type Network, networkCost, networkHash, takesOneImage } from '@espalier/network';
import { checkPlan, openProfile, type PlanSubject, unrankedAnalysis } from '@espalier/pipeline';
import { samplingPlan } from '@espalier/pruning';
import { ENGINES } from '@espalier/runs';
import { checkClasses } from '../datasets/classes.ts';
import { readImages } from './images.ts';
import { previewInput } from './input-preview.ts';
import { describePruned } from './pruned-network.ts';
import { summaryOf } from './summary.ts';
import type { Answers, Task } from './task.ts';

type TaskOf<K> = Extract<Task, { readonly kind: K }>;

/** Carries a task out, in the process that reads. */
export async function perform(task: Task): Promise<Answers[Task['kind']]> {
  if (task.kind === 'model') return describeModel(task);
  if (task.kind === 'modelWith') return writeModelWith(task);
  if (task.kind === 'dataset') return describeDataset(task);
  if (task.kind === 'images') return readImages(task);
  if (task.kind === 'inputPreview') return previewInput(task);
  if (task.kind === 'samplingPlan') return planSampling(task);
  if (task.kind === 'prunedNetwork') return describePruned(task);
  if (task.kind === 'profile') return describeProfile(task);
  return checkPlans(task);
}

/** A page with more layers would not be looked at, and a list of as many not be sent. */
const MOST_SUMMARY_LETTERS = 2 ** 20;

async function describeModel(task: TaskOf<'model'>): Promise<Answers['model']> {
  const { file, beside, readAs } = task;
  const { leftOut, mediaType, isBundled } = await bundled(task);
  const asked = { ...readAs, alone: true, ...(beside ? { preprocessing: beside } : {}) };
  const { network, isOpen } = await readNetwork(file, asked);
  const own = network.metadata && network.metadata !== beside;
  if (own && beside && metadataJson(network.metadata) !== metadataJson(beside)) {
    throw new InputError(
      'the file itself says otherwise how pixels become its input: leave the preprocessing out',
      'preprocessing',
    );
  }
  const summary = summaryOf(network);
  const metadata = JSON.stringify(network.metadata ?? {});
  const length = JSON.stringify(summary).length + metadata.length;
  if (length > MOST_SUMMARY_LETTERS) {
    throw new InputError(
      `the summary of its ${network.nodes.length} operations, channel groups and classes has ${length} characters, and at most ${MOST_SUMMARY_LETTERS} are kept: shorten their names, or simplify it (onnxsim)`,
    );
  }
  return {
    networkHash: networkHash(network),
    ...networkCost(network),
    summary,
    metadata: JSON.parse(metadata),
    metadataBeside: network.metadata !== undefined && !own,
    readAs: readAsIt(network, isOpen, readAs),
    ...{ mediaType, isBundled, leftOut },
  };
}

/** How many names of what is left out are told. */
const MOST_LEFT_OUT = 20;

/** Writes the file by which a model of several files is known, unless it came so. */
async function bundled({ file, bundle }: TaskOf<'model'>) {
  const { bytes, type, leftOut } = await bundleOf(file, true);
  if (bytes) await writeFile(bundle, bytes);
  const shown = leftOut.slice(0, MOST_LEFT_OUT).map(shortName);
  const others = leftOut.length - shown.length;
  if (others > 0) shown.push(`${others} more`);
  return { mediaType: type.mediaType, isBundled: bytes !== null, leftOut: shown };
}

/** A name from a zip may be anything. */
function shortName(name: string): string {
  return printable(name).slice(0, 200);
}

async function writeModelWith({ file, metadata, out }: TaskOf<'modelWith'>): Promise<Answers['modelWith']> {
  const bytes = await bundleWith(file, metadata);
  if (bytes) await writeFile(out, bytes);
  return { bytes: bytes?.length ?? null };
}

/** With the sizes that were taken: whoever reads the file later takes the same ones. */
function readAsIt(network: Network, isOpen: boolean, { input = [], set = {}, output = [] }: ReadAs) {
  const isAsked = input.length + output.length + Object.keys(set).length > 0;
  if (!isOpen && !isAsked) return null;
  const isSingle = takesOneImage(network);
  const named = network.inputs.flatMap(({ name, shape }) =>
    shape[0] === -1 || isSingle ? [{ name, shape: shape.slice(1) }] : [],
  );
  return { input: isOpen && input.length === 0 ? named : [...input], set, output: [...output] };
}

async function describeDataset({ file, name, home }: TaskOf<'dataset'>): Promise<Answers['dataset']> {
  const dataset = await (file === null
    ? openDataset(name, { home })
    : openDataset(file, { home, name, hashOfContent: true }));
  try {
    const { classes, hash, splits } = dataset;
    checkClasses(name, classes);
    const manifest = await manifestOf(dataset);
    const { png, ...sheet } = await contactSheet(dataset);
    return {
      ...{ hash, classes: [...classes], ...shapeOf(dataset), png },
      sheet: { ...sheet, rows: sheet.rows.map((row) => ({ ...row })) },
      splits: Object.entries(splits).map(([split, images]) => ({
        name: split,
        images: images.n,
        classCounts: classCounts(images, classes.length),
        sha256: manifest.find((each) => each.name === split)?.sha256 ?? null,
      })),
      manifest: manifestHash(manifest),
    };
  } finally {
    await dataset.close();
  }
}

/** Nothing of a data set whose images differ in size, which neither a name nor a file is. */
function shapeOf(dataset: Dataset) {
  const { image } = dataset;
  if (!image) throw new Error(`the images of ${dataset.name} differ in size`);
  const { height, width, channels } = image;
  const { mean, std } = defaultPreprocessing(dataset).input;
  return { height, width, channels, mean: [...mean], std: [...std] };
}

const MOST_PROFILE_BYTES = 2 ** 20;

async function describeProfile({ file, network: at }: TaskOf<'profile'>): Promise<Answers['profile']> {
  const { size } = await stat(file);
  if (size > MOST_PROFILE_BYTES) {
    throw new InputError(`a profile has at most ${MOST_PROFILE_BYTES} bytes, this file has ${size}`);
  }
  const profile = await readProfile(file);
  const { name } = profile.engine;
  if (!(ENGINES as readonly string[]).includes(name)) {
    throw new InputError(`${file}: engine.name: give ${ENGINES.join(' or ')}, not "${name}"`);
  }
  const measured = Date.parse(profile.measuredAt);
  if (measured < FIRST_PROFILE || measured > Date.now() + DAY_MS) {
    throw new InputError(
      `${file}: measuredAt: give a time that has been, not ${profile.measuredAt}: the device's clock may be wrong`,
    );
  }
  if (at === null) return { profile, stairs: null };
  const { network } = await readNetwork(at.file, { ...at, alone: true });
  return { profile, stairs: stairsOf(profile, network, channelMap(network)) };
}

const DAY_MS = 86_400_000;
const FIRST_PROFILE = Date.parse('2020-01-01T00:00:00Z');

async function checkPlans(task: TaskOf<'plans'>): Promise<Answers['plans']> {
  const { data, plans, name, metadata } = task;
  const { network, analysis } = await knownSubject(task);
  const named = { ...network, name, ...(metadata ? { metadata } : {}) };
  const shares: number[] = [];
  for (const [at, plan] of plans.entries()) {
    try {
      shares.push(checkPlan(plan, { network: named, analysis, data }).share);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { message, field, others } = error;
      return { shares, misfit: { at, message, fields: field === undefined ? [] : [field, ...others] } };
    }
  }
  return { shares, misfit: null };
}

async function planSampling({
  file,
  readAs,
  ...options
}: TaskOf<'samplingPlan'>): Promise<Answers['samplingPlan']> {
  const { network } = await readNetwork(file, { ...readAs, alone: true });
  return samplingPlan(network, options);
}

type Subject = Pick<PlanSubject, 'network' | 'analysis'>;

/** What plans were checked against last: people try again. The network has its tensors without their values. */
const KNOWN = 4;
const known = new Map<string, Subject>();

/** @throws {InputError} for a network that has nothing to prune, and for a profile of another one */
async function knownSubject(task: TaskOf<'plans'>): Promise<Subject> {
  const { file, readAs, allowInexact, profile } = task;
  const key = `${allowInexact} ${file} ${profile ?? ''} ${JSON.stringify(readAs)}`;
  const found = known.get(key) ?? (await readSubject(task));
  known.delete(key);
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > KNOWN && oldest !== undefined) known.delete(oldest);
  return found;
}

const NONE = new Float32Array(0);

async function readSubject({ file, readAs, name, allowInexact, profile }: TaskOf<'plans'>): Promise<Subject> {
  const network = { ...(await readNetwork(file, { ...readAs, alone: true })).network, name };
  const device = profile === null ? undefined : await openProfile({ profile: { file: profile } }, network);
  const analysis = unrankedAnalysis(network, allowInexact, device);
  const constants = new Map([...network.constants].map(([value, { dims }]) => [value, { dims, data: NONE }]));
  return { network: { ...network, constants }, analysis };
}
