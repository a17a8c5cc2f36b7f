import {
  directedDrop,
  type FidelityValues,
  fidelityInfluence,
  fidelityValues,
  findMetric,
  isImageMetric,
  resultOf,
  type Scores,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { countFlips, pairedStandardError, standardErrorOf } from '../contribution.ts';
import { type CellScores, isKept, isScored, type Kept, mean } from './cell.ts';
import type { SweepHeader } from './run.ts';

/** Values of a cell by metric; null: it has none. */
export type CellValues = Readonly<Partial<Record<string, number | null>>>;

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
  { metric, outputs, weights }: Pick<SweepHeader, 'metric' | 'outputs' | 'weights'>,
  baseline: CellScores,
  cell: CellScores,
): JudgedCell {
  const { name } = metric;
  const isBase = cell === baseline;
  if (isScored(cell) && isScored(baseline)) {
    const [values, base] = [scoredValues(cell), scoredValues(baseline)];
    return judged(values, base, errorByLabels(name, baseline, cell));
  }
  if (isKept(cell) && isKept(baseline)) {
    const [value, from] = [cell, baseline].map((one) => valueOfKept(name, one.kept)) as [number, number];
    return judged({ [name]: value }, { [name]: from }, isBase ? 0 : errorOfKept(name, baseline, cell));
  }
  if (!('outputs' in cell && 'outputs' in baseline))
    throw new Error('a cell is compared with one of another kind');
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

function errorByLabels(metric: string, baseline: Scores, cell: Scores): number {
  if (metric === 'loss') {
    return standardErrorOf(Float64Array.from(cell.loss, (loss, i) => loss - (baseline.loss[i] ?? 0)));
  }
  const [before, after] = metric === 'top5' ? [baseline.hit5, cell.hit5] : [baseline.hit1, cell.hit1];
  if (!before || !after) return 0;
  const { lost, gained } = countFlips(before, after);
  return pairedStandardError(lost, gained, after.length);
}

function valueOfKept(name: string, kept: Kept['kept']): number {
  const metric = findMetric(name);
  if (!isImageMetric(metric)) throw new Error(`${name} is no metric of all images together`);
  return resultOf(metric, metric.start(), kept);
}

function valueIfAny(name: string, kept: Kept['kept']): number | null {
  try {
    return valueOfKept(name, kept);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Groups of images that are left out, one after the other. */
const LEFT_OUT = 10;

/**
 * Of a number of all images together that no image has a part of: the jackknife over groups of images (Efron,
 * Tibshirani, An introduction to the bootstrap, 1993, section 11.5), of the drop on the same images.
 */
function errorOfKept(name: string, baseline: Kept, cell: Kept): number {
  const [before, after] = [valuesWithout(name, baseline), valuesWithout(name, cell)];
  // What a group's absence leaves without a value says nothing of the error.
  const drops = before.flatMap((value, g) => {
    const cut = after[g] ?? null;
    return value === null || cut === null ? [] : [value - cut];
  });
  if (drops.length < 2) return 0;
  const middle = mean(drops);
  const squares = drops.reduce((sum, drop) => sum + (drop - middle) ** 2, 0);
  return Math.sqrt(((drops.length - 1) / drops.length) * squares);
}

/** The unpruned network's are asked for by every cell. */
const known = new WeakMap<Kept, readonly (number | null)[]>();

/** The values without each group of images; null if what is left has none, as where no image shows anything. */
function valuesWithout(name: string, cell: Kept): readonly (number | null)[] {
  const groups = Math.min(LEFT_OUT, cell.kept.length);
  const values =
    known.get(cell) ??
    Array.from({ length: groups }, (_, g) =>
      valueIfAny(
        name,
        cell.kept.filter((_, i) => i % groups !== g),
      ),
    );
  known.set(cell, values);
  return values;
}
