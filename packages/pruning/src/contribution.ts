/** Matrices are [group][ratio]; accuracies and drops are fractions 0..1. */
export type Matrix = readonly (readonly number[])[];

/** D[g][k] = A0 - A[g][k]. Negative where pruning helped: a gain is not damage. */
export function dropMatrix(baseline: number, accuracy: Matrix): number[][] {
  return accuracy.map((row) => row.map((value) => baseline - value));
}

/** D'[g][k] = max(0, max over j <= k of D[g][j]): a dip after a large drop does not make the group robust again. */
export function monotoneDrop(drop: Matrix): number[][] {
  return drop.map((row) => {
    let highest = 0;
    return row.map((value) => {
      highest = Math.max(highest, value);
      return highest;
    });
  });
}

/**
 * C[g][k] = D'[g][k] / sum over g of D'[g][k]: each group's share of the total drop at equal ratio. Columns sum
 * to 1; a column without any damage is 1 / L.
 *
 * Our reconstruction of the contribution matrices of Lian, Peng, Jiang, Xu, "Cross-layer importance
 * evaluation for neural network pruning", Neural Networks 179 (2024) 106496.
 */
export function contributionMatrix(monotone: Matrix): number[][] {
  const ratios = monotone[0]?.length ?? 0;
  const totals = Array.from({ length: ratios }, (_, k) =>
    monotone.reduce((sum, row) => sum + (row[k] ?? 0), 0),
  );
  return monotone.map((row) => row.map((value, k) => (totals[k] ? value / totals[k] : 1 / monotone.length)));
}

/** w[g] = sum over k of D'[g][k] / sum over g and k: a group's importance, floored at 0.1 / L. */
export function importance(monotone: Matrix): number[] {
  const sums = monotone.map((row) => row.reduce((sum, value) => sum + value, 0));
  const total = sums.reduce((sum, value) => sum + value, 0);
  const floor = 0.1 / monotone.length;
  return sums.map((value) => Math.max(floor, total > 0 ? value / total : 1 / monotone.length));
}

/**
 * Standard error of a paired drop: the same n images before and after, of which `lost` became wrong and
 * `gained` became right. The variance of the per-image difference (+1, 0, -1) over n.
 */
export function pairedStandardError(lost: number, gained: number, n: number): number {
  if (n < 2) return 0;
  const mean = (lost - gained) / n;
  return Math.sqrt(Math.max(0, (lost + gained) / n - mean * mean) / (n - 1));
}

/** Standard error of the mean of so many values: their standard deviation over the root of their number. */
export function standardErrorOf(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return 0;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) sum += values[i] ?? 0;
  for (let i = 0; i < n; i++) squares += ((values[i] ?? 0) - sum / n) ** 2;
  return Math.sqrt(squares / (n - 1) / n);
}

/** Images that were right before and are wrong after, and the other way round. */
export function countFlips(before: Uint8Array, after: Uint8Array): { lost: number; gained: number } {
  let [lost, gained] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    if (before[i] && !after[i]) lost++;
    else if (!before[i] && after[i]) gained++;
  }
  return { lost, gained };
}
