import type { Planned } from './describe.ts';
import type { BaseInput } from './planned.ts';
import type { Problem } from './problems.ts';

/** The unpruned network is worth the same in all rows that say it. */
export function basesOf(planned: readonly Planned[], problems: Problem[]): BaseInput[] {
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
export function checkExperiments(planned: readonly Planned[], problems: Problem[]): void {
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
