/** A point of a curve of a metric, such as accuracy, over saving. */
export interface CurvePoint {
  /** Share of the base cost removed. */
  readonly saving: number;
  /** By the metric of the curve. */
  readonly value: number;
}

/** Savings from the first to the second. */
export type SavingRange = readonly [from: number, to: number];

/**
 * The savings that all curves reach: from the largest of their smallest savings to the smallest of their largest
 * ones. Outside of it one curve would be judged by what another was never asked for.
 *
 * Give the unpruned network as a point of every curve (saving 0, its own value), and the range begins at 0.
 *
 * @returns null if there is no curve, one without points, or no stretch in common
 */
export function commonSavings(curves: readonly (readonly CurvePoint[])[]): SavingRange | null {
  if (curves.length === 0 || curves.some(({ length }) => length === 0)) return null;
  const savings = curves.map((points) => points.map(({ saving }) => saving));
  const from = Math.max(...savings.map((each) => Math.min(...each)));
  const to = Math.min(...savings.map((each) => Math.max(...each)));
  return from < to ? [from, to] : null;
}

/**
 * Area under the curve of a metric over saving, by the trapezoid rule: straight lines between neighbouring points,
 * the mean where several points have one saving (seeds). Divided by the range's length it is the mean
 * over the range.
 *
 * @param points in any order; the unpruned network counts as one of them where it is given
 * @param range as {@link commonSavings} finds it for the curves that are compared; the curve's own where left out
 * @returns null below two points of different saving, and for a range that the curve does not cover
 */
export function areaUnderCurve(points: readonly CurvePoint[], range?: SavingRange): number | null {
  const curve = meansBySaving(points);
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last || curve.length < 2) return null;
  const [from, to] = range ?? [first.saving, last.saving];
  if (from < first.saving || to > last.saving || from > to) return null;
  let area = 0;
  for (const [i, right] of curve.entries()) {
    const left = curve[i - 1];
    const [start, end] = [Math.max(left?.saving ?? from, from), Math.min(right.saving, to)];
    if (!left || start >= end) continue;
    area += ((end - start) * (heightAt(left, right, start) + heightAt(left, right, end))) / 2;
  }
  return area;
}

/** Ascending, one point a saving. */
function meansBySaving(points: readonly CurvePoint[]): CurvePoint[] {
  const heights = new Map<number, number[]>();
  for (const { saving, value } of points) heights.set(saving, [...(heights.get(saving) ?? []), value]);
  return [...heights]
    .map(([saving, all]) => ({ saving, value: all.reduce((sum, value) => sum + value, 0) / all.length }))
    .sort((a, b) => a.saving - b.saving);
}

function heightAt(left: CurvePoint, right: CurvePoint, saving: number): number {
  const way = (saving - left.saving) / (right.saving - left.saving);
  return left.value + way * (right.value - left.value);
}
