import { createHash } from 'node:crypto';
import { type AnyMetric, isOwnMetric, TOP1 } from '@espalier/engines';
import type { Cost } from './cost.ts';
import type { BaseInput, Evaluation, PlannedRun } from './planned.ts';
import type { Told } from './row.ts';
import { clientKey } from './source.ts';
import type { JudgedOn, Model } from './subjects.ts';

const LONGEST_NAME = 200;

/** With what its unpruned network is worth; null if nothing says it. */
export interface Planned {
  readonly told: Told;
  readonly run: PlannedRun;
  readonly base: BaseInput | null;
}

export interface Subject {
  readonly model: Model;
  readonly dataset: JudgedOn;
  readonly images: number;
  readonly cost: Cost;
  readonly epochs: PlannedRun['epochs'];
  /** By what it is judged. */
  readonly metric: AnyMetric;
}

/** A row in the words of the protocol. */
export function describe(told: Told, subject: Subject): Planned {
  const { row, values, value, prunedValue, baseValue } = told;
  const { model, dataset, images, cost, epochs, metric } = subject;
  const isTop1 = metric.name === TOP1.name;
  const { metric: saved, share, params, macs } = cost;
  const qualityMetric = isTop1
    ? null
    : {
        name: isOwnMetric(metric.name) ? metric.name : metric.label,
        ...{ direction: enumOfDirection(metric.direction), unit: enumOfUnit(metric.unit) },
      };
  const evaluator = {
    tool: values.evaluator ?? values.tool ?? '',
    preprocessing: values.preprocessing ?? '',
  };
  const judged = (top1: number | null, worth: number | null): Evaluation => ({
    ...{ evaluator, images, top1 },
    ...(qualityMetric ? { qualityMetric, value: worth } : {}),
  });
  const { name, tool, toolVersion, commit, host, link, finishedAt } = values;
  const training = trainingOf(told, epochs.length);
  const subjectIds = { modelId: model.id, datasetId: dataset.id };
  const key = clientKey(`import ${row.key}`);
  const record = {
    ...{ key, ...subjectIds, training, share, qualityMetric, structure: null },
    experiment:
      values.experiment ??
      usualExperiment(row.group, [model.name, dataset.name, training, isTop1 ? null : `by ${metric.label}`]),
    ...{ allocation: values.allocation ?? '', criterion: values.criterion ?? '', seed: values.seed ?? 0 },
    metric: saved === 'macs' ? ('MACS' as const) : ('PARAMS' as const),
    source: { tool: tool ?? '', version: toolVersion, commit, host, link, name, finishedAt },
  };
  const evaluation = { ...judged(values.top1, value), top5: values.top5, loss: values.loss };
  const base =
    baseValue === null ? null : { ...judged(isTop1 ? baseValue : null, baseValue), loss: values.baseLoss };
  return {
    told,
    run: {
      ...{ where: row.where, name: name ?? '', model: model.name, record, epochs, evaluation },
      ...{ network: row.network, params, macs },
      ...{ prunedTop1: isTop1 ? prunedValue : null, prunedValue: isTop1 ? null : prunedValue },
    },
    base: base && { ...subjectIds, evaluation: base, key: `base ${hashOf([subjectIds, base])}` },
  };
}

/** In words: as it is told, else by its epochs. */
function trainingOf({ values }: Told, kept: number): string | null {
  if (values.training !== null) return values.training;
  const epochs = values.epochs ?? (kept > 0 ? kept : null);
  return epochs === null || epochs === 0 ? null : `${epochs} epochs`;
}

function usualExperiment(group: string, parts: readonly (string | null)[]): string {
  const [model, ...others] = parts.filter((part) => part !== null);
  return `${group}: ${[model, ...others].join(', ')}`.slice(0, LONGEST_NAME);
}

function enumOfDirection(direction: 'higher' | 'lower') {
  return direction === 'higher' ? ('HIGHER' as const) : ('LOWER' as const);
}

function enumOfUnit(unit: 'share' | 'nats' | 'ratio') {
  return ({ share: 'SHARE', nats: 'NATS', ratio: 'RATIO' } as const)[unit];
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
