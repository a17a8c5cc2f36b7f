/**
 * Non-negative least squares: the w >= 0 with the smallest sum of (rows w - targets)^2 + ridge * (w - towards)^2, by
 * coordinate descent (Franc, Hlavac, Navara, "Sequential coordinate-wise algorithm for the non-negative least squares
 * problem", 2005).
 *
 * @param rows [n][p]
 * @param targets [n]
 * @param prior [p]; none: w is not drawn anywhere
 */
export function nonNegative(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  prior: readonly { readonly ridge: number; readonly towards: number }[] = [],
): number[] {
  const p = rows[0]?.length ?? 0;
  const dot = (a: (row: readonly number[], i: number) => number) =>
    rows.reduce((sum, row, i) => sum + a(row, i), 0);
  const gram = Array.from({ length: p }, (_, a) =>
    Array.from(
      { length: p },
      (_, b) => dot((row) => (row[a] ?? 0) * (row[b] ?? 0)) + (a === b ? (prior[a]?.ridge ?? 0) : 0),
    ),
  );
  const right = Array.from(
    { length: p },
    (_, a) =>
      dot((row, i) => (row[a] ?? 0) * (targets[i] ?? 0)) + (prior[a] ? prior[a].ridge * prior[a].towards : 0),
  );
  const w: number[] = new Array(p).fill(0);
  for (let pass = 0; pass < PASSES; pass++) {
    let change = 0;
    gram.forEach((row, a) => {
      const own = row[a] ?? 0;
      if (own <= 0) return;
      const gap = (right[a] ?? 0) - row.reduce((sum, value, b) => sum + value * (w[b] ?? 0), 0);
      const next = Math.max(0, (w[a] ?? 0) + gap / own);
      change = Math.max(change, Math.abs(next - (w[a] ?? 0)) * Math.sqrt(own));
      w[a] = next;
    });
    if (change < PRECISION) break;
  }
  return w;
}

const PASSES = 2000;
const PRECISION = 1e-9;
