import type { DatasetFacts } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { isEmbedding } from './embedding.ts';
import { multilabelAp } from './multilabel-ap.ts';
import type { MetricUnit, QualityMetric } from './quality-metric.ts';

export const METRIC_NAMES = ['top1', 'top5', 'loss', 'fidelity', 'agreement', 'kl', 'cosine'] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

const share = { direction: 'higher', unit: 'share', range: [0, 1] } as const;
const nats = { direction: 'lower', unit: 'nats', range: [0, null] } as const;
const byLabels = { needsLabels: true, by: 'labels', unchanged: null } as const;
const byOutputs = { needsLabels: false, by: 'outputs' } as const;

/** Those that a platform has, too. */
export const METRICS: Readonly<Record<MetricName, QualityMetric<MetricName>>> = {
  top1: {
    name: 'top1',
    label: 'top-1',
    ...share,
    ...byLabels,
    description: 'images whose largest class is right',
  },
  top5: {
    name: 'top5',
    label: 'top-5',
    ...share,
    ...byLabels,
    description: 'images whose class is among the five largest',
  },
  loss: { name: 'loss', label: 'loss', ...nats, ...byLabels, description: 'mean cross-entropy' },
  fidelity: {
    ...{ name: 'fidelity', label: 'output error', direction: 'lower', unit: 'ratio', range: [0, null] },
    ...byOutputs,
    unchanged: 0,
    description: 'error of the outputs against the unpruned model, divided by their root mean square',
  },
  agreement: {
    name: 'agreement',
    label: 'agreement',
    ...share,
    ...byOutputs,
    unchanged: 1,
    description: 'images whose largest class is that of the unpruned model',
  },
  kl: {
    name: 'kl',
    label: 'KL divergence',
    ...nats,
    ...byOutputs,
    unchanged: 0,
    description: 'of the class probabilities from those of the unpruned model',
  },
  cosine: {
    ...{ name: 'cosine', label: 'cosine similarity', direction: 'higher', unit: 'ratio', range: [-1, 1] },
    ...byOutputs,
    unchanged: 1,
    description: "of each image's vector to that of the unpruned model, for embeddings",
  },
};

/** By what is judged where nobody says it and images have labels. */
export const TOP1 = METRICS.top1;

/** One of these, or of another tool: that one is called by its key, which says all of it. */
export type AnyMetric = QualityMetric;

/** What is told of a metric of another tool. */
export type ForeignMetric = Pick<AnyMetric, 'label' | 'direction' | 'unit'>;

/** Of the values of another tool's metric, or one's own, by its unit. */
export const RANGES = { share: [0, 1], nats: [0, null], ratio: [null, null] } as const satisfies Record<
  MetricUnit,
  AnyMetric['range']
>;

const KEY = /^(.+):(higher|lower):(share|nats|ratio)$/s;

/** The key of a metric of another tool: "mAP:higher:share". Others of the same name are other metrics. */
export function metricKey({ label, direction, unit }: ForeignMetric): string {
  return [label, direction, unit].join(':');
}

export function isOwnMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** @throws {InputError} for what is neither the name of one of ours nor a key */
export function metricBy(name: string): AnyMetric {
  if (isOwnMetric(name)) return METRICS[name];
  const [, label, direction, unit] = (KEY.exec(name) ?? []) as [
    string?,
    string?,
    AnyMetric['direction']?,
    MetricUnit?,
  ];
  if (label === undefined || direction === undefined || unit === undefined) {
    throw new InputError(
      `there is no metric '${name}': known are ${METRIC_NAMES.join(', ')}; one of another tool has a name such as mAP:higher:share`,
      'metric',
    );
  }
  return {
    ...{ name, label, direction, unit, range: RANGES[unit], ...byLabels },
    description: `metric of another tool, ${direction} is better`,
  };
}

/** Beside those of a platform: for several classes an image, and files that were loaded. */
const others = new Map<string, QualityMetric>([[multilabelAp.name, multilabelAp]]);

/** Lets a metric be found by its name, as modules are: for as long as the process lives. */
export function keepMetric(metric: QualityMetric): void {
  others.set(metric.name, metric);
}

/** What networks can be judged by here, by their names. */
export const METRIC_CHOICES: readonly string[] = [...METRIC_NAMES, multilabelAp.name];

export function isKnownMetric(name: string): boolean {
  return isOwnMetric(name) || others.has(name);
}

/** @throws {InputError} for a name that there is none of */
export function findMetric(name: string): QualityMetric {
  const found = isOwnMetric(name) ? METRICS[name] : others.get(name);
  if (found) return found;
  const [, own] = /^(.+)@[0-9a-f]{64}:/.exec(name) ?? [];
  throw new InputError(
    own === undefined
      ? `there is no metric '${name}': known are ${METRIC_CHOICES.join(', ')}`
      : `${own} is somebody's own metric: give its file as metric`,
    'metric',
  );
}

/** How much worse than that of the unpruned network a value is; negative where it is better. */
export function directedDrop(
  { direction }: Pick<AnyMetric, 'direction'>,
  base: number,
  value: number,
): number {
  return direction === 'higher' ? base - value : value - base;
}

/** The metric of a network on images: see `metricOfOutputs`. */
export function metricFor(
  asked: string | null,
  network: Network,
  dataset: Pick<DatasetFacts, 'name' | 'classes' | 'annotated'>,
): QualityMetric {
  const outputs = network.outputs.map((output) => ({ isEmbedding: isEmbedding(network, output) }));
  return metricOfOutputs(asked, outputs, dataset);
}

/**
 * As asked, or else top-1; the cosine where all outputs are embeddings; mean average precision where images show
 * several classes; and fidelity where none of these can be: on images without labels, and for several outputs.
 *
 * @throws {InputError} for one that needs labels if there are none
 */
export function metricOfOutputs(
  asked: string | null,
  outputs: readonly { readonly isEmbedding: boolean }[],
  { name, classes, annotated }: Pick<DatasetFacts, 'name' | 'classes' | 'annotated'>,
): QualityMetric {
  const embeds = outputs.length > 0 && outputs.every(({ isEmbedding }) => isEmbedding);
  const single = outputs.length < 2;
  const usual =
    annotated?.form === 'several' && single
      ? multilabelAp.name
      : classes.length > 0 && single
        ? 'top1'
        : 'fidelity';
  const metric = findMetric(asked ?? (embeds ? 'cosine' : usual));
  if (metric === multilabelAp) {
    if (annotated?.form === 'several') return metric;
    throw new InputError(
      `${metric.name} is for images that show several classes, and ${name} has no such labels: give labels.csv beside the images, or another metric`,
      'metric',
    );
  }
  if (metric.needsLabels && classes.length === 0) {
    throw new InputError(
      `${metric.label} compares with labels, and ${annotated ? `the images of ${name} have ${LABELS[annotated.form]}, not one class each` : `the images of ${name} have none`}: give metric ${usual}, or images in class folders`,
      'metric',
    );
  }
  return metric;
}

const LABELS = { several: 'several classes', boxes: 'boxes', masks: 'masks' } as const;
