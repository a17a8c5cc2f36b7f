import {
  directedDrop,
  type FidelityValues,
  fidelityInfluence,
  fidelityValues,
  METRICS,
  type MetricName,
  type Scores,
} from '@espalier/engines';
import { countFlips, pairedStandardError, standardErrorOf } from '../contribution.ts';
import { type CellScores, isScored, mean } from './cell.ts';
import type { SweepHeader } from './run.ts';

/** Values of a cell by metric; null: it has none. */
export type CellValues = Readonly<Partial<Record<MetricName, number | null>>>;

export interface JudgedCell {
  readonly values: CellValues;
  /** By the metric of the sweep. */
  readonly value: number;
  readonly drop: number;
  /** Standard error of the drop, paired over the same images. */
  readonly standardError: number;
}

/** What a cell is worth by the metric of its sweep. */
export function judge(
  { metric: { name }, outputs, weights }: Pick<SweepHeader, 'metric' | 'outputs' | 'weights'>,
  baseline: CellScores,
  cell: CellScores,
): JudgedCell {
  const metric = METRICS[name];
  const isBase = cell === baseline;
  if (isScored(cell) && isScored(baseline)) {
    const [values, base] = [scoredValues(cell), scoredValues(baseline)];
    return judged(values, base, errorByLabels(name, baseline, cell));
  }
  if (isScored(cell) || isScored(baseline)) throw new Error('a cell is compared with one of another kind');
  const base: FidelityValues = { fidelity: 0, agreement: 1, kl: 0, cosine: 1 };
  const values = isBase
    ? unchanged(fidelityValues(cell, baseline, outputs, weights))
    : fidelityValues(cell, baseline, outputs, weights);
  if (isBase) return judged(values, base, 0);
  const influence = fidelityInfluence(name as keyof FidelityValues, cell, baseline, outputs, weights);
  return judged(values, base, standardErrorOf(influence));

  function judged(values: CellValues, base: CellValues, standardError: number): JudgedCell {
    const [value, from] = [values[name] ?? null, base[name] ?? null];
    if (value === null || from === null) throw new Error(`a cell has no ${metric.label}`);
    return { values, value, drop: directedDrop(metric, from, value), standardError };
  }
}

/** The unpruned network's cell holds what errors are divided by; it is no different from itself. */
function unchanged({ agreement, kl, cosine }: FidelityValues): FidelityValues {
  const beside = (value: number | null, itself: number) => (value === null ? null : itself);
  return { fidelity: 0, agreement: beside(agreement, 1), kl: beside(kl, 0), cosine: beside(cosine, 1) };
}

function scoredValues({ hit1, hit5, loss }: Scores): CellValues {
  return { top1: mean(hit1), top5: hit5 && mean(hit5), loss: mean(loss) };
}

function errorByLabels(metric: MetricName, baseline: Scores, cell: Scores): number {
  if (metric === 'loss') {
    return standardErrorOf(Float64Array.from(cell.loss, (loss, i) => loss - (baseline.loss[i] ?? 0)));
  }
  const [before, after] = metric === 'top5' ? [baseline.hit5, cell.hit5] : [baseline.hit1, cell.hit1];
  if (!before || !after) return 0;
  const { lost, gained } = countFlips(before, after);
  return pairedStandardError(lost, gained, after.length);
}
