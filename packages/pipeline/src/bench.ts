import { type Dataset, openDataset, type SplitName } from '@espalier/datasets';
import {
  checkFits,
  compareOutputs,
  type Engine,
  type EvaluateOptions,
  evaluate,
  evaluateImages,
  type FidelityValues,
  imageReader,
  isImageMetric,
  labelMapping,
  metricFor,
  type OutputWeights,
  outputRoles,
  type QualityMetric,
  TOP1,
  tellsAccuracy,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type Cost, type Network, networkCost, storedBytes } from '@espalier/network';
import { type Analysis, type AnalysisOptions, analyse } from '@espalier/pruning';
import { counting, type Observer } from './observer.ts';
import type { PrunePlan } from './plan.ts';
import type { Quality, Tested } from './quality.ts';
import { openEngineOf, type Workplace } from './workplace.ts';

/** A network together with images to run it on and an engine that runs it. */
export interface Bench {
  /** With its preprocessing. */
  readonly network: Network;
  readonly dataset: Dataset;
  readonly engine: Engine;
}

/** Opens a data set; the first time that decodes it, with progress. */
export function openData(
  { spec, name, hashOfContent, valAs }: NonNullable<PrunePlan['data']>,
  { home, signal }: Pick<Workplace, 'home' | 'signal'>,
  { progress, warning }: Observer,
): Promise<Dataset> {
  return openDataset(spec, {
    ...{ home, hashOfContent, signal, valAs },
    onNote: (text, option) => warning?.(option ? `${text} (--val-as test, search or both)` : text),
    ...(name === null ? {} : { name }),
    onProgress: (at) => progress?.({ ...at, unit: 'images' }),
  });
}

/**
 * Opens data set and engine for the time of `work`.
 *
 * @param asked the metric that networks are judged by; null: what network and images allow (see `metricFor`); left out:
 * labels are needed
 * @throws {InputError} where network and images do not fit
 */
export async function onBench<T>(
  network: Network,
  data: NonNullable<PrunePlan['data']>,
  place: Workplace,
  observer: Observer,
  work: (bench: Bench) => Promise<T>,
  asked?: string | null,
): Promise<T> {
  const dataset = await openData(data, place, observer);
  try {
    const metric = asked === undefined ? TOP1 : metricFor(asked, network, dataset);
    const fitted = fitToData(network, dataset, observer, 'model', metric);
    if (asked === null && metric.by === 'outputs')
      observer.warning?.(withoutLabels(network, dataset, metric));
    const engine = await openEngineOf(place);
    try {
      return await work({ network: fitted, dataset, engine });
    } finally {
      await engine.dispose();
    }
  } finally {
    await dataset.close();
  }
}

function withoutLabels(
  { outputs }: Network,
  { name, classes }: Dataset,
  { name: metric, label }: QualityMetric,
): string {
  const why =
    metric === 'cosine'
      ? 'the model makes an embedding'
      : classes.length === 0
        ? `the images of ${name} have no labels`
        : `the model has ${outputs.length} outputs`;
  return `${why}: using ${label} against the unpruned model instead of accuracy`;
}

/**
 * The network with the preprocessing that its images need: its own, else the data set's usual one, with a warning.
 *
 * @param field of the plan that gives the network
 * @throws {InputError} where images or classes do not fit
 */
export function fitToData(
  network: Network,
  dataset: Dataset,
  { warning }: Observer,
  field: 'model' | 'teacher' | 'base' = 'model',
  metric: QualityMetric = TOP1,
): Network {
  checkFits(network, dataset, field, metric);
  if (!network.metadata) {
    warning?.(
      `the model does not say how pixels become its input; using the defaults for ${dataset.name} (change them with a preprocessing file)`,
    );
  }
  const [, ...states] = network.inputs.map(({ name }) => `"${name}"`);
  if (states.length > 0) {
    warning?.(
      `these inputs start at zero for each image: ${states.join(', ')} (--set NAME=VALUE sets another number)`,
    );
  }
  const classes = dataset.annotated?.classes ?? dataset.classes;
  if (metric.by !== 'outputs' && labelMapping(network.metadata, { classes }).names === 'different') {
    warning?.(`the classes of the model and of ${dataset.name} have different names; matching them in order`);
  }
  const { metadata } = imageReader(network, dataset);
  if (network.metadata || tellsAccuracy(network, dataset)) return { ...network, metadata };
  // Outputs that are no scores of these classes are not to be read as such.
  const { classes: _, ...plain } = metadata;
  return { ...network, metadata: plain };
}

/**
 * The network that another one learns from, with its preprocessing.
 *
 * @throws {InputError} where it does not take what the other one is shown
 */
export function fitTeacher(
  teacher: Network,
  { network, dataset }: Pick<Bench, 'network' | 'dataset'>,
  observer: Observer,
): Network {
  const fitted = fitToData(teacher, dataset, observer, 'teacher');
  const [own = [], shown = []] = [teacher, network].map(({ inputs }) => inputs[0]?.shape.slice(1) ?? []);
  if (own.some((extent, i) => ![-1, shown[i]].includes(extent) && shown[i] !== -1)) {
    throw new InputError(
      `teacher "${teacher.name}" takes images of ${own.join('x')}, network "${network.name}" of ${shown.join('x')} (channels, height, width), and both get the same images: give a teacher that takes these`,
      'teacher',
    );
  }
  return fitted;
}

/** Channel groups, ranked, with their cost; with progress where that takes images. */
export function analyseOn(
  { network, dataset, engine }: Bench,
  options: AnalysisOptions,
  { home, derived = home, signal }: Workplace,
  observer: Observer,
): Promise<Analysis> {
  const count = counting(observer, `measuring ${options.criterion}`);
  const onProgress = (done: number, total: number) => count({ done, total });
  return analyse(network, options, { dataset, engine, home: derived, onProgress, signal });
}

/** Cost and quality of a network; without quality where it was not tested. */
export interface Standing extends Cost, Tested {
  /** Of its tensors, as its file keeps them. */
  readonly bytes: number;
}

/** How networks are judged. */
export interface Judging {
  /** As given: what outputs are compared with. */
  readonly base: Network;
  readonly metric: QualityMetric;
  readonly weights: OutputWeights;
}

const UNTESTED = { top1: null, top5: null, loss: null, n: null, hits: null } as const;

/**
 * @param what is tested, for a person; null: nothing is, and only the cost is told
 * @param judging left out: by labels
 */
export async function standing(
  bench: Pick<Bench, 'dataset' | 'engine'> | null,
  network: Network,
  what: string | null,
  { signal }: Pick<Workplace, 'signal'>,
  observer: Observer,
  judging?: Judging,
): Promise<Standing> {
  const cost = { ...networkCost(network), bytes: storedBytes(network) };
  if (!bench || what === null) return { ...cost, ...UNTESTED };
  const onProgress = counting(observer, `evaluating ${what}`);
  return { ...cost, ...(await tested(bench, network, 'test', { signal, onProgress }, judging)) };
}

/**
 * By what the metric makes of the images; else by labels if there are any, and by the outputs of the network as given
 * where that is asked for.
 */
export async function tested(
  { engine, dataset }: Pick<Bench, 'dataset' | 'engine'>,
  network: Network,
  split: SplitName,
  options: EvaluateOptions,
  judging?: Judging,
): Promise<Tested> {
  if (judging && isImageMetric(judging.metric)) {
    const { metric } = judging;
    const { value, n } = await evaluateImages(engine, network, dataset, split, metric, options);
    return { ...UNTESTED, n, values: { [metric.name]: value } };
  }
  const isCompared = judging?.metric.by === 'outputs';
  let found: Tested = { ...UNTESTED, n: options.indices?.length ?? dataset.splits[split].n };
  if (!isCompared || tellsAccuracy(network, dataset)) {
    const { top1, top5, loss, n, hits } = await evaluate(engine, network, dataset, split, options);
    found = { top1, top5, loss, n, hits: Buffer.from(hits).toString('base64') };
  }
  if (!isCompared) return found;
  const { base, weights } = judging;
  if (network === base) return { ...found, values: besideItself(network) };
  const compared = await compareOutputs(engine, network, base, dataset, split, { ...options, weights });
  const { fidelity, agreement, kl, cosine } = compared;
  return { ...found, values: { fidelity, agreement, kl, cosine } };
}

function besideItself(network: Network): FidelityValues {
  const roles = outputRoles(network);
  return {
    fidelity: 0,
    agreement: roles.some(({ tellsClasses }) => tellsClasses) ? 1 : null,
    kl: roles.some(({ distribution }) => distribution) ? 0 : null,
    cosine: roles.some(({ isVector }) => isVector) ? 1 : null,
  };
}

/** The quality of a standing; null if the network was not tested by labels. */
export function qualityOf({ top1, top5, loss, n, hits }: Standing): Quality | null {
  if (top1 === null || loss === null || n === null || hits === null) return null;
  return { top1, top5, loss, n, hits };
}
