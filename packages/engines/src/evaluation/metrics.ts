import type { DatasetFacts } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { isEmbedding } from './embedding.ts';

/** What a value is in: `share` 0..1, nats, or a plain ratio. */
type MetricUnit = 'share' | 'nats' | 'ratio';

/** By what networks are judged: a number of a network on some images. */
export interface QualityMetric<Name extends string = MetricName> {
  readonly name: Name;
  /** For a person. */
  readonly label: string;
  /** Which way is better. */
  readonly direction: 'higher' | 'lower';
  readonly unit: MetricUnit;
  /** Least and largest value; null: there is no largest. */
  readonly range: readonly [number, number | null];
  /** Whether it compares with the images' labels; the others compare with the outputs of the unpruned network. */
  readonly needsLabels: boolean;
  /** That of a network beside itself; null where it depends on images. */
  readonly unchanged: number | null;
  /** One line, for help texts. */
  readonly description: string;
}

export const METRIC_NAMES = ['top1', 'top5', 'loss', 'fidelity', 'agreement', 'kl', 'cosine'] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

const share = { direction: 'higher', unit: 'share', range: [0, 1] } as const;
const nats = { direction: 'lower', unit: 'nats', range: [0, null] } as const;
const byLabels = { needsLabels: true, unchanged: null } as const;

/** All that there are. */
export const METRICS: Readonly<Record<MetricName, QualityMetric>> = {
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
    needsLabels: false,
    unchanged: 0,
    description: 'error of the outputs against the unpruned model, over their root mean square',
  },
  agreement: {
    name: 'agreement',
    label: 'agreement',
    ...share,
    needsLabels: false,
    unchanged: 1,
    description: 'images whose largest class is that of the unpruned model',
  },
  kl: {
    name: 'kl',
    label: 'KL divergence',
    ...nats,
    needsLabels: false,
    unchanged: 0,
    description: 'of the class probabilities from those of the unpruned model',
  },
  cosine: {
    ...{ name: 'cosine', label: 'cosine similarity', direction: 'higher', unit: 'ratio', range: [-1, 1] },
    needsLabels: false,
    unchanged: 1,
    description: "of each image's vector to that of the unpruned model, for embeddings",
  },
};

/** By what is judged where nobody says it and images have labels. */
export const TOP1 = METRICS.top1;

/** One of these, or of another tool: that one is called by its key, which says all of it. */
export type AnyMetric = Omit<QualityMetric<string>, 'range'> & {
  /** Null also where there is no least value. */
  readonly range: readonly [number | null, number | null];
};

/** What is told of a metric of another tool. */
export type ForeignMetric = Pick<AnyMetric, 'label' | 'direction' | 'unit'>;

/** Of the values of another tool's metric, by its unit. */
const RANGES = { share: [0, 1], nats: [0, null], ratio: [null, null] } as const satisfies Record<
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
      `there is no metric '${name}': known are ${METRIC_NAMES.join(', ')}; one of another tool is called as mAP:higher:share`,
      'metric',
    );
  }
  return {
    ...{ name, label, direction, unit, range: RANGES[unit], needsLabels: true, unchanged: null },
    description: `as another tool has it, ${direction} is better`,
  };
}

/** @throws {InputError} for a name that there is none of */
export function findMetric(name: string): QualityMetric {
  const found = Object.values(METRICS).find((metric) => metric.name === name);
  if (found) return found;
  throw new InputError(`there is no metric '${name}': known are ${METRIC_NAMES.join(', ')}`, 'metric');
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
  asked: MetricName | null,
  network: Network,
  dataset: Pick<DatasetFacts, 'name' | 'classes'>,
): QualityMetric {
  const outputs = network.outputs.map((output) => ({ isEmbedding: isEmbedding(network, output) }));
  return metricOfOutputs(asked, outputs, dataset);
}

/**
 * As asked, or else top-1; the cosine where all outputs are embeddings; and fidelity where top-1 cannot be: on images
 * without labels, and for several outputs.
 *
 * @throws {InputError} for one that needs labels where there are none
 */
export function metricOfOutputs(
  asked: MetricName | null,
  outputs: readonly { readonly isEmbedding: boolean }[],
  { name, classes }: Pick<DatasetFacts, 'name' | 'classes'>,
): QualityMetric {
  const embeds = outputs.length > 0 && outputs.every(({ isEmbedding }) => isEmbedding);
  const usual = embeds ? 'cosine' : classes.length === 0 || outputs.length > 1 ? 'fidelity' : 'top1';
  const metric = METRICS[asked ?? usual];
  if (metric.needsLabels && classes.length === 0) {
    throw new InputError(
      `${metric.label} compares with labels, and the images of ${name} have none: give metric fidelity, or images in class folders`,
      'metric',
    );
  }
  return metric;
}
