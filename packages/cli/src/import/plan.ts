import { TOP1 } from '@espalier/engines';
import { basesOf, checkExperiments } from './agree.ts';
import { costOf } from './cost.ts';
import { describe, hashOf, type Planned } from './describe.ts';
import { epochsOf } from './epochs.ts';
import type { FieldName } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { Plan } from './planned.ts';
import { type Problem, Unusable } from './problems.ts';
import { readRow, type Told } from './row.ts';
import { type Source, shortHash } from './source.ts';
import type { Subjects } from './subjects.ts';

/** Without these nothing can be told of a run. */
const NEEDED = ['model', 'dataset', 'allocation', 'criterion', 'tool', 'preprocessing'] as const;

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
    bases: bases.map((base) => ({ ...base, import: importId, key: `${importId} ${base.key}` })),
    runs: planned.map(({ run }) => ({ ...run, record: { ...run.record, import: importId } })),
    skipped: source.skipped,
  };
}

function general(text: string): Problem {
  return { where: null, column: null, text };
}

/** What no column can give is told once, not in each row. */
function unmapped({ fields, epochs, judged }: Mapping): Problem[] {
  const isTop1 = judged?.metric.name === TOP1.name;
  const valued =
    isTop1 && epochs.has('epoch.value')
      ? [general('the metric of the runs is top-1: map epoch.top1, not epoch.value')]
      : [];
  const missing = NEEDED.filter((name) => !fields.has(name)).map((name) => {
    return general(`no column has ${name}: --map COLUMN=${name}, or --set ${name}=... for all`);
  });
  const byWhat = 'no column has the quality of the networks: --map COLUMN=top1, or COLUMN=mAP:higher:share';
  const toldSaving = (['share', 'macs', 'flops', 'params'] as const).some((name) => fields.has(name));
  const saving =
    'no column has the share that was removed: --map COLUMN=share, COLUMN=macs, COLUMN=flops or COLUMN=params';
  return [
    ...missing,
    ...valued,
    ...(judged ? [] : [general(byWhat)]),
    ...(toldSaving ? [] : [general(saving)]),
  ];
}

interface At {
  readonly subjects: Subjects;
  readonly mapping: Mapping;
  readonly stepsPerEpoch: number | undefined;
  readonly problems: Problem[];
}

/** Null if something is wrong, which is told. */
function planRun(told: Told, at: At): Planned | null {
  const { row, values, value } = told;
  const { mapping, problems } = at;
  const before = problems.length;
  const tell = (field: FieldName, text: string) => {
    const { fields } = mapping;
    const origin = fields.get(field) ?? (field === 'macs' ? fields.get('flops') : undefined);
    problems.push({ where: row.where, column: origin && 'column' in origin ? origin.column : null, text });
  };
  for (const name of NEEDED) if (values[name] === null) tell(name, `expected ${name}, but the cell is empty`);
  const model = values.model === null ? null : at.subjects.model(values.model);
  const dataset = values.dataset === null ? null : at.subjects.dataset(values.dataset);
  if (typeof model === 'string') tell('model', model);
  if (typeof dataset === 'string') tell('dataset', dataset);
  if (value === null && problems.length === before) {
    tell('top1', `expected the value of ${mapping.judged?.metric.label}, but the cell is empty`);
  }
  if (!model || !dataset || typeof model === 'string' || typeof dataset === 'string') return null;
  const cost = costOf(told, model, tell);
  const images = values.images ?? dataset.images;
  if (images === null)
    tell('images', `"${dataset.name}" does not say how many test images it has: give images`);
  const epochs = epochsOf(row, mapping, at.stepsPerEpoch, problems);
  if (!cost || images === null || problems.length > before) return null;
  const metric = mapping.judged?.metric ?? TOP1;
  return describe(told, { model, dataset, images, cost, epochs, metric });
}
