import type { Cost } from '@espalier/network';

export interface AxisLength {
  readonly fixed: number;
  /** `stays[w]`: indices of this axis that belong to the group's w most important units. */
  readonly parts: readonly { readonly group: number; readonly stays: Int32Array }[];
}

export interface Term {
  /** Places among the lengths. */
  readonly axes: readonly number[];
  params: number;
  macs: number;
}

/** Cost as a polynomial in axis lengths. All are whole numbers, so that sums are exact in any order. */
export interface CostPolynomial {
  at(widths: ArrayLike<number>): Cost;
  /** The same of structures that differ in the width of one group. */
  along(widths: ArrayLike<number>, group: number): (width: number) => Cost;
}

export function costPolynomial(
  lengths: readonly AxisLength[],
  terms: readonly Term[],
  groupCount: number,
): CostPolynomial {
  const reaches = Array.from({ length: groupCount }, (_, group) => reachOf(lengths, terms, group));
  const extentsAt = (widths: ArrayLike<number>) =>
    lengths.map(({ fixed, parts }) => {
      let extent = fixed;
      for (const { group, stays } of parts) extent += stays[widths[group] ?? 0] ?? 0;
      return extent;
    });
  return {
    at: (widths) => sumOf(terms, extentsAt(widths)),
    along(widths, group) {
      const extents = extentsAt(widths);
      const { moved, own, others } = reaches[group] ?? { moved: [], own: [], others: terms };
      const rest = sumOf(others, extents);
      // Without what is the group's own, which each width has anew.
      const without = moved.map(({ axis, stays }) => (extents[axis] ?? 0) - (stays[widths[group] ?? 0] ?? 0));
      return (width) => {
        for (const [i, { axis, stays }] of moved.entries()) {
          extents[axis] = (without[i] ?? 0) + (stays[width] ?? 0);
        }
        const { params, macs } = sumOf(own, extents);
        return { params: rest.params + params, macs: rest.macs + macs };
      };
    },
  };
}

/** The axes whose length goes with a group's width, and the terms that have one of these. */
function reachOf(lengths: readonly AxisLength[], terms: readonly Term[], group: number) {
  const moved = lengths.flatMap(({ parts }, axis) =>
    parts.flatMap((part) => (part.group === group ? [{ axis, stays: part.stays }] : [])),
  );
  const axes = new Set(moved.map(({ axis }) => axis));
  const isOwn = (term: Term) => term.axes.some((axis) => axes.has(axis));
  return { moved, own: terms.filter(isOwn), others: terms.filter((term) => !isOwn(term)) };
}

function sumOf(terms: readonly Term[], extents: readonly number[]): Cost {
  let [params, macs] = [0, 0];
  for (const term of terms) {
    let product = 1;
    for (const axis of term.axes) product *= extents[axis] ?? 1;
    params += term.params * product;
    macs += term.macs * product;
  }
  return { params, macs };
}
