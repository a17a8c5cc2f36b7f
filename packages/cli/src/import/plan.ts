import { createHash } from 'node:crypto';
import { isOwnMetric, TOP1 } from '@espalier/engines';
import { epochsOf } from './epochs.ts';
import type { FieldName } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { BaseInput, Evaluation, Plan, PlannedRun } from './planned.ts';
import { type Problem, Unusable } from './problems.ts';
import { readRow, type Told } from './row.ts';
import { clientKey, type Source, shortHash } from './source.ts';
import type { JudgedOn, Model, Subjects } from './subjects.ts';

/** Without these nothing can be told of a run. */
const NEEDED = ['model', 'dataset', 'allocation', 'criterion', 'tool', 'preprocessing'] as const;

const LONGEST_NAME = 200;

interface Options {
  readonly mapping: Mapping;
  /** Steps of an epoch, of metrics that are kept by the step; undefined: their steps are epochs. */
  readonly stepsPerEpoch: number | undefined;
}

/**
 * What is to be sent, all of it checked as far as it can be without the platform's tables.
 *
 * @throws {Unusable} with everything that cannot be used
 */
export function planImport(source: Source, subjects: Subjects, { mapping, stepsPerEpoch }: Options): Plan {
  const problems: Problem[] = [...source.problems, ...unmapped(mapping)];
  if (source.rows.length === 0) problems.push(general(`there is nothing to import in "${source.name}"`));
  const planned =
    problems.some(({ where }) => where === null) || mapping.judged === null
      ? []
      : source.rows.flatMap((row) => {
          const before = problems.length;
          const told = readRow(row, mapping, problems);
          const run = planRun(told, { subjects, mapping, stepsPerEpoch, problems });
          return run && problems.length === before ? [run] : [];
        });
  const bases = basesOf(planned, problems);
  checkExperiments(planned, problems);
  if (problems.length > 0) throw new Unusable(problems);
  const importId = `${source.kind} ${shortHash(hashOf(planned.map(({ run }) => run)))}`;
  return {
    importId,
    // Under keys of this import: what another one told, too, stays where this one goes.
    bases: bases.map((base) => ({ ...base, importId, key: `${importId} ${base.key}` })),
    runs: planned.map(({ run }) => ({ ...run, record: { ...run.record, importId } })),
    skipped: source.skipped,
  };
}

function general(text: string): Problem {
  return { where: null, column: null, text };
}

/** What no column can give is told once, not in each row. */
function unmapped({ fields, epochs, judged }: Mapping): Problem[] {
  const isTop1 = judged?.metric.name === TOP1.name;
  const valued = isTop1 && epochs.has('epoch.value') ? [general('runs are judged by top-1: map epoch.top1, not epoch.value')] : [];
  const missing = NEEDED.filter((name) => !fields.has(name)).map((name) => {
    return general(`nothing gives ${name}: --map COLUMN=${name}, or --set ${name}=... for all`);
  });
  const byWhat = 'nothing says what the networks are worth: --map COLUMN=top1, or COLUMN=mAP:higher:share';
  const toldSaving = (['share', 'macs', 'flops', 'params'] as const).some((name) => fields.has(name));
  const saving = 'nothing says what was removed: --map COLUMN=share, COLUMN=macs, COLUMN=flops or COLUMN=params';
  return [...missing, ...valued, ...(judged ? [] : [general(byWhat)]), ...(toldSaving ? [] : [general(saving)])];
}

interface At {
  readonly subjects: Subjects;
  readonly mapping: Mapping;
  readonly stepsPerEpoch: number | undefined;
  readonly problems: Problem[];
}

/** With what its unpruned network is worth; null where nothing says it. */
interface Planned {
  readonly told: Told;
  readonly run: PlannedRun;
  readonly base: BaseInput | null;
}

/** Null where something is wrong, which is told. */
function planRun(told: Told, at: At): Planned | null {
  const { row, values, value } = told;
  const { mapping, problems } = at;
  const before = problems.length;
  const tell = (field: FieldName, text: string) => {
    const { fields } = mapping;
    const origin = fields.get(field) ?? (field === 'macs' ? fields.get('flops') : undefined);
    problems.push({ where: row.where, column: origin && 'column' in origin ? origin.column : null, text });
  };
  for (const name of NEEDED) if (values[name] === null) tell(name, `expected ${name}, and nothing is there`);
  const model = values.model === null ? null : at.subjects.model(values.model);
  const dataset = values.dataset === null ? null : at.subjects.dataset(values.dataset);
  if (typeof model === 'string') tell('model', model);
  if (typeof dataset === 'string') tell('dataset', dataset);
  if (value === null && problems.length === before) {
    tell('top1', `expected what it is worth by ${mapping.judged?.metric.label}, and nothing is there`);
  }
  if (!model || !dataset || typeof model === 'string' || typeof dataset === 'string') return null;
  const cost = costOf(told, model, tell);
  const images = values.images ?? dataset.images;
  if (images === null) tell('images', `"${dataset.name}" does not say how many test images it has: give images`);
  const epochs = epochsOf(row, mapping, at.stepsPerEpoch, problems);
  if (!cost || images === null || problems.length > before) return null;
  return { told, ...describe(told, { model, dataset, images, cost, epochs }, at) };
}

interface Cost {
  readonly metric: 'macs' | 'params';
  readonly share: number;
  readonly params: number | null;
  readonly macs: number | null;
}

/** What is left, and which share that removed. */
function costOf(
  { row, values }: Told,
  base: Model,
  tell: (field: FieldName, text: string) => void,
): Cost | null {
  const left = { macs: values.macs ?? values.flops, params: values.params };
  const metric = values.metric ?? 'macs';
  for (const name of ['macs', 'params'] as const) {
    const told = left[name];
    if (told !== null && told > base[name]) {
      const hint = name === 'macs' && values.macs !== null ? ' (a MAC is two FLOPs: map them to flops)' : '';
      tell(name, `expected at most the ${base[name]} of "${base.name}", not ${told}${hint}`);
      return null;
    }
  }
  const share = values.share ?? (left[metric] === null ? null : 1 - left[metric] / base[metric]);
  if (share === null) {
    tell(metric, `expected ${metric} or the share that was removed, and nothing is there`);
    return null;
  }
  if (share <= 0) {
    tell(metric, `it removes nothing of "${base.name}": what the unpruned network is worth goes into base`);
    return null;
  }
  if (row.network !== null) return { metric, share, params: null, macs: null };
  for (const name of ['macs', 'params'] as const) {
    if (left[name] === null) tell(name, `expected ${name}, since there is no network to count them of`);
  }
  return { metric, share, ...left };
}

interface Subject {
  readonly model: Model;
  readonly dataset: JudgedOn;
  readonly images: number;
  readonly cost: Cost;
  readonly epochs: PlannedRun['epochs'];
}

function describe(told: Told, subject: Subject, { mapping }: At): Omit<Planned, 'told'> {
  const { row, values, value, prunedValue, baseValue } = told;
  const { model, dataset, images, cost, epochs } = subject;
  const { metric } = mapping.judged ?? { metric: TOP1 };
  const isTop1 = metric.name === TOP1.name;
  const { metric: saved, share, params, macs } = cost;
  const qualityMetric = isTop1
    ? null
    : {
        name: isOwnMetric(metric.name) ? metric.name : metric.label,
        ...{ direction: enumOfDirection(metric.direction), unit: enumOfUnit(metric.unit) },
      };
  const evaluator = { tool: values.evaluator ?? values.tool ?? '', preprocessing: values.preprocessing ?? '' };
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
    experiment: values.experiment ?? usualExperiment(row.group, [model.name, dataset.name, training, isTop1 ? null : `by ${metric.label}`]),
    ...{ allocation: values.allocation ?? '', criterion: values.criterion ?? '', seed: values.seed ?? 0 },
    metric: saved === 'macs' ? ('MACS' as const) : ('PARAMS' as const),
    source: { tool: tool ?? '', version: toolVersion, commit, host, link, name, finishedAt },
  };
  const evaluation = { ...judged(values.top1, value), top5: values.top5, loss: values.loss };
  const base = baseValue === null ? null : { ...judged(isTop1 ? baseValue : null, baseValue), loss: values.baseLoss };
  return {
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

/** The unpruned network is worth the same in all rows that say it. */
function basesOf(planned: readonly Planned[], problems: Problem[]): BaseInput[] {
  const known = new Map<string, Planned>();
  for (const one of planned) {
    const { base } = one;
    if (!base) continue;
    const { modelId, datasetId, evaluation } = base;
    const subject = JSON.stringify([modelId, datasetId, evaluation.evaluator]);
    const before = known.get(subject);
    if (before?.base && before.base.key !== base.key) {
      const text = `expected the base of ${before.told.row.where}, since network, data set and evaluator are the same`;
      problems.push({ where: one.told.row.where, column: null, text });
    }
    known.set(subject, before ?? one);
  }
  return [...known.values()].flatMap(({ base }) => base ?? []);
}

/** Runs of one experiment have more in common than its name. */
function checkExperiments(planned: readonly Planned[], problems: Problem[]): void {
  const known = new Map<string, Planned>();
  for (const one of planned) {
    const { record } = one.run;
    const first = known.get(record.experiment) ?? one;
    known.set(record.experiment, first);
    const other = first.run.record;
    const differs = Object.entries({
      network: record.modelId !== other.modelId,
      'data set': record.datasetId !== other.datasetId,
      training: record.training !== other.training,
    }).find(([, is]) => is);
    if (!differs) continue;
    const text = `experiment "${record.experiment}" has another ${differs[0]} in ${first.run.where}: give it another name`;
    problems.push({ where: one.run.where, column: null, text });
  }
}

function enumOfDirection(direction: 'higher' | 'lower') {
  return direction === 'higher' ? ('HIGHER' as const) : ('LOWER' as const);
}

function enumOfUnit(unit: 'share' | 'nats' | 'ratio') {
  return ({ share: 'SHARE', nats: 'NATS', ratio: 'RATIO' } as const)[unit];
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
