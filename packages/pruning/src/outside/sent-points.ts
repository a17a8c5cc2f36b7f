import { countPackedFlips } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import {
  contributionMatrix,
  dropMatrix,
  importance,
  monotoneDrop,
  pairedStandardError,
} from '../contribution.ts';

/** A value that was measured elsewhere, of the unpruned network or with units of one group removed. */
export interface SentPoint {
  /** Units; 0 for the unpruned network. */
  readonly removed: number;
  readonly value: number;
  /** Nats; null if it was not told. */
  readonly loss: number | null;
  readonly images: number;
  /** Of the value; null if it was not told. */
  readonly standardError: number | null;
  /** Which images are right, packed as by `packFlags`; null if it was not told. */
  readonly hits: Uint8Array | null;
}

export interface SentSampling {
  readonly direction: 'higher' | 'lower';
  /** Units that each ratio removes from each group: [group][ratio]. */
  readonly removed: readonly (readonly number[])[];
  readonly baseline: SentPoint;
  /** [group]: what was measured of it, in any order. */
  readonly points: readonly (readonly SentPoint[])[];
}

/** What a cell of the grid comes to. */
interface SentCell {
  readonly removed: number;
  readonly value: number;
  readonly loss: number | null;
  /** Of the drop. */
  readonly standardError: number;
  readonly images: number;
  /** From others: it was not measured. */
  readonly inferred: boolean;
}

/** Matrices are [group][ratio]. */
export interface SentMatrices {
  readonly cells: readonly (readonly SentCell[])[];
  readonly drop: readonly (readonly number[])[];
  readonly monotoneDrop: readonly (readonly number[])[];
  readonly contribution: readonly (readonly number[])[];
  readonly importance: readonly number[];
}

/**
 * The matrices of an imported sampling, by any metric. A cell that is missing lies on the line
 * between those that remove fewer and more units; after the last one it is as bad as the worst that was measured
 * anywhere, so that nothing counts as harmless because nobody looked.
 *
 * @throws {InputError} where nothing but the baseline was measured
 */
export function sentMatrices({ direction, removed, baseline, points }: SentSampling): SentMatrices {
  const measured = points.map((row) => [...row].sort((a, b) => a.removed - b.removed));
  const all = measured.flat();
  if (all.length === 0) throw new InputError('no cell was measured: send points with units removed');
  const isWorse = (a: number, b: number) => (direction === 'higher' ? a < b : a > b);
  const worst = all.reduce((found, point) => (isWorse(point.value, found.value) ? point : found));
  const cells = removed.map((row, g) => {
    const known = [baseline, ...(measured[g] ?? [])].map((point) => cellOf(point, baseline));
    const exact = new Map(known.map((cell) => [cell.removed, cell]));
    return row.map((units) => exact.get(units) ?? infer(known, units));
  });
  const sign = direction === 'higher' ? 1 : -1;
  const values = cells.map((row) => row.map(({ value }) => sign * value));
  const drop = dropMatrix(sign * baseline.value, values);
  const monotone = monotoneDrop(drop);
  return {
    cells,
    drop,
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    importance: importance(monotone),
  };

  function infer(known: readonly SentCell[], units: number): SentCell {
    const below = known.findLast((cell) => cell.removed < units) ?? cellOf(baseline, baseline);
    const above = known.find((cell) => cell.removed > units);
    const { images } = baseline;
    if (above) {
      const share = (units - below.removed) / (above.removed - below.removed);
      const between = (a: number, b: number) => a + share * (b - a);
      return {
        ...{ removed: units, images, inferred: true },
        value: between(below.value, above.value),
        loss: below.loss === null || above.loss === null ? null : between(below.loss, above.loss),
        standardError: Math.max(below.standardError, above.standardError),
      };
    }
    const last = cellOf(worst, baseline);
    const loss = below.loss === null || last.loss === null ? null : Math.max(below.loss, last.loss);
    return { ...last, removed: units, images, loss, inferred: true };
  }
}

function cellOf(point: SentPoint, baseline: SentPoint): SentCell {
  const { removed, value, loss, images } = point;
  const standardError = point === baseline ? 0 : errorOf(point, baseline);
  return { removed, value, loss, images, standardError, inferred: false };
}

/** Paired where it is known which images are right; else as if both values were of images of their own. */
function errorOf(point: SentPoint, baseline: SentPoint): number {
  if (point.hits && baseline.hits) {
    const { lost, gained } = countPackedFlips(baseline.hits, point.hits, point.images);
    return pairedStandardError(lost, gained, point.images);
  }
  return Math.hypot(ownError(point), ownError(baseline));
}

/** Of a share of images where nothing else was told. */
function ownError({ standardError, value, images }: SentPoint): number {
  return standardError ?? Math.sqrt(Math.max(0, value * (1 - value)) / images);
}
