import type { EpochField } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { Epoch } from './planned.ts';
import type { Problem } from './problems.ts';
import type { Row, Step } from './row.ts';

const SHOWN_STEPS = 3;

/**
 * The epochs of a run, by its metrics that are kept in steps. Those without a training loss are left out.
 *
 * @param stepsPerEpoch undefined where steps are epochs: then they have to follow on each other
 */
export function epochsOf(
  row: Row,
  { epochs: fields }: Mapping,
  stepsPerEpoch: number | undefined,
  problems: Problem[],
): Epoch[] {
  const column = fields.get('epoch.loss');
  const losses = column === undefined ? [] : (row.series.get(column) ?? []);
  if (column === undefined || losses.length === 0) return [];
  const epochAt = epochOf(losses, stepsPerEpoch);
  if (!epochAt) {
    const steps = losses.slice(0, SHOWN_STEPS).map(({ step }) => step);
    const text = `expected steps that are epochs, not ${steps.join(', ')} ...: give --steps-per-epoch, or leave epoch.loss out`;
    problems.push({ where: row.where, column, text });
    return [];
  }
  const at = (field: EpochField) => {
    const steps = row.series.get(fields.get(field) ?? '') ?? [];
    return new Map(
      steps.filter(({ value }) => Number.isFinite(value)).map(({ step, value }) => [step, value]),
    );
  };
  const [top1, value, learningRate] = [at('epoch.top1'), at('epoch.value'), at('epoch.learningRate')];
  // One epoch of several steps is told by its last one.
  const found = new Map<number, Epoch>();
  for (const { step, value: loss } of losses) {
    if (!Number.isFinite(loss)) continue;
    const told = { top1: top1.get(step) ?? null, value: value.get(step) ?? null };
    const epoch = epochAt(step);
    if (told.top1 !== null && !(told.top1 >= 0 && told.top1 <= 1)) {
      const text = `expected shares from 0 to 1, not ${told.top1} in step ${step}`;
      problems.push({ where: row.where, column: fields.get('epoch.top1') ?? null, text });
      return [];
    }
    found.set(epoch, { epoch, loss, ...told, learningRate: learningRate.get(step) ?? null });
  }
  return [...found.values()].sort((a, b) => a.epoch - b.epoch);
}

/** Undefined where steps are no epochs. */
function epochOf(
  losses: readonly Step[],
  stepsPerEpoch: number | undefined,
): ((step: number) => number) | undefined {
  const first = losses[0]?.step ?? 0;
  // Counted from 0 by many, from 1 here: an epoch is told when it is over.
  const shift = first === 0 ? 1 : 0;
  if (stepsPerEpoch !== undefined) return (step) => (step + shift) / stepsPerEpoch;
  const follow = losses.every(({ step }, i) => step === first + i) && (first === 0 || first === 1);
  return follow ? (step) => step + shift : undefined;
}
