import type { SplitName } from '@espalier/datasets';
import {
  checkWeights,
  compareOutputs,
  evaluate,
  evaluateImages,
  findMetric,
  isImageMetric,
  METRICS,
  metricFor,
  type OutputComparison,
  tellsAccuracy,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { type Bench, counting, fitToData, onBench, provenance, readModel } from '@espalier/pipeline';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import { MisuseError } from '../failure.ts';
import { askedOf, type DataOptions, type MetricOptions, type RunOptions } from '../options.ts';
import type { Context } from '../terminal.ts';

export interface EvaluateOptions extends RunOptions, DataOptions, MetricOptions {
  readonly split: SplitName;
  readonly limit?: number;
  readonly batch?: number;
  /** A model to compare with. */
  readonly base?: string;
}

/** Accuracies 0..1, the loss in nats. */
interface Scores {
  readonly top1: number;
  readonly top5: number | null;
  readonly loss: number;
}

/** What `espalier evaluate` has found. */
export interface Evaluated {
  /** Where it was asked for by name. */
  readonly metric: string | null;
  readonly model: string;
  readonly dataset: string;
  readonly split: SplitName;
  readonly n: number;
  readonly seconds: number;
  readonly engine: string;
  /** null if the images have no labels, or they were not asked for. */
  readonly scores: Scores | null;
  /** null if no base was given. */
  readonly base: { readonly model: string; readonly scores: Scores | null } | null;
  readonly compared: OutputComparison | null;
  /** By a metric of all images together: its name, and the values of both. */
  readonly judged: {
    readonly metric: string;
    readonly value: number;
    readonly base: number | null;
  } | null;
  readonly provenance: ReturnType<typeof provenance>;
}

export async function evaluateModel(
  model: string,
  options: EvaluateOptions,
  context: Context,
): Promise<Evaluated> {
  const { metric: asked = null, base } = options;
  if (asked !== null && findMetric(asked).by === 'outputs' && base === undefined) {
    throw new MisuseError(`--metric ${asked} compares with another model: give it by --base FILE`);
  }
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const data = dataOf(options);
  const readOf = (file: string) => readModel({ ...askedOf(options), file }, observer, { data, place });
  const read = await readOf(model);
  const other = base === undefined ? null : await readOf(base);
  const work = (bench: Bench) => evaluateOn(bench, other, asked, options, context);
  return onBench(read, data, place, observer, work, asked);
}

async function evaluateOn(
  { network, dataset, engine }: Bench,
  other: Network | null,
  asked: string | null,
  { split, limit, batch, seed, weight: weights }: EvaluateOptions,
  context: Context,
): Promise<Evaluated> {
  const started = performance.now();
  const { signal } = context;
  const observer = terminalObserver(context);
  const metric = metricFor(asked, network, dataset);
  const isCompared = other !== null && (asked === null ? !isImageMetric(metric) : metric.by === 'outputs');
  checkWeights(network, weights, isCompared ? METRICS.fidelity : metric);
  if (metric.by === 'outputs' && !other) {
    throw new InputError(
      dataset.classes.length === 0
        ? `the images of ${dataset.name} have no labels, so there is no accuracy: give a model to compare with, or images in class folders`
        : `network "${network.name}" ${network.outputs.length > 1 ? `has ${network.outputs.length} outputs` : 'makes an embedding'}, so there is no accuracy: give a model to compare with`,
      'base',
    );
  }
  const base = other && fitToData(other, dataset, {}, 'base', metric);
  const images = (what: string) => ({ limit, batch, signal, onProgress: counting(observer, what) });
  const scored = async (of: Network, what: string): Promise<Scores | null> => {
    if (isImageMetric(metric) || (asked !== null && metric.by === 'outputs')) return null;
    if (!tellsAccuracy(of, dataset)) return null;
    const { top1, top5, loss } = await evaluate(engine, of, dataset, split, images(what));
    return { top1, top5, loss };
  };
  const scores = await scored(network, 'evaluating');
  const ofBase = base && (await scored(base, 'evaluating the base'));
  const compared =
    base && isCompared
      ? await compareOutputs(engine, network, base, dataset, split, { ...images('comparing'), weights })
      : null;
  const worth = async (of: Network, what: string) =>
    isImageMetric(metric)
      ? (await evaluateImages(engine, of, dataset, split, metric, images(what))).value
      : null;
  const value = await worth(network, 'evaluating');
  const ofOther = base && (await worth(base, 'evaluating the base'));
  return {
    judged: value === null ? null : { metric: metric.name, value, base: ofOther },
    ...{ metric: asked, model: network.name, dataset: dataset.name, split, scores, compared },
    n: Math.min(dataset.splits[split].n, limit ?? Number.POSITIVE_INFINITY),
    seconds: (performance.now() - started) / 1000,
    engine: engine.description,
    base: base && { model: base.name, scores: ofBase },
    provenance: provenance({ network, dataset, engine, seed }),
  };
}

/** What `espalier evaluate --json` prints. */
export function evaluationReport({
  scores,
  base,
  compared,
  judged,
  n,
  seconds,
  split,
  metric,
  provenance,
}: Evaluated) {
  const { outputs = [], fidelity = null, agreement = null, kl = null, cosine = null } = compared ?? {};
  return {
    ...(scores ?? { top1: null, top5: null, loss: null }),
    ...{ n, seconds, split },
    ...(metric === null && judged === null ? {} : { metric: metricFacts(judged?.metric ?? metric ?? '') }),
    ...(judged ? { value: judged.value } : {}),
    ...(base
      ? { base: { network: base.model, ...base.scores, ...(judged ? { value: judged.base } : {}) } }
      : {}),
    ...(compared ? { fidelity, agreement, kl, cosine, outputs } : {}),
    provenance,
  };
}

function metricFacts(name: string) {
  const { label, direction, unit, range, needsLabels, unchanged, description } = findMetric(name);
  return { name, label, direction, unit, range, needsLabels, unchanged, description };
}
