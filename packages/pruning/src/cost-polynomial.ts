import type { Cursor } from '@espalier/latency';
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
  /** Around one structure: only the terms that a group reaches are counted again. */
  from(widths: ArrayLike<number>, metric: keyof Cost): Cursor;
  /** Whether some term depends on both groups. */
  touches(group: number, other: number): boolean;
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
    from(widths, metric) {
      const at = Array.from(widths);
      const extents = extentsAt(at);
      let whole = sumOf(terms, extents)[metric];
      const shift = (group: number, from: number, to: number) => {
        for (const { axis, stays } of reaches[group]?.moved ?? []) {
          extents[axis] = (extents[axis] ?? 0) + (stays[to] ?? 0) - (stays[from] ?? 0);
        }
      };
      const along = (group: number) => {
        const own = reaches[group]?.own ?? [];
        const here = at[group] ?? 0;
        const rest = whole - oneSumOf(own, extents, metric);
        return (width: number) => {
          shift(group, here, width);
          const sum = oneSumOf(own, extents, metric);
          shift(group, width, here);
          return rest + sum;
        };
      };
      const move = (group: number, width: number) => {
        whole = along(group)(width);
        shift(group, at[group] ?? 0, width);
        at[group] = width;
      };
      return { along, move };
    },
    touches: (group, other) => {
      const others = new Set(reaches[other]?.own);
      return reaches[group]?.own.some((term) => others.has(term)) ?? false;
    },
  };
}

/** The axes whose length goes with a group's width, and the terms that have one of these. */
function reachOf(lengths: readonly AxisLength[], terms: readonly Term[], group: number) {
  const moved = lengths.flatMap(({ parts }, axis) =>
    parts.flatMap((part) => (part.group === group ? [{ axis, stays: part.stays }] : [])),
  );
  const axes = new Set(moved.map(({ axis }) => axis));
  return { moved, own: terms.filter((term) => term.axes.some((axis) => axes.has(axis))) };
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

/** The same of one metric, where it is asked for a million times. */
function oneSumOf(terms: readonly Term[], extents: readonly number[], metric: keyof Cost): number {
  let sum = 0;
  for (const term of terms) {
    let product = term[metric];
    for (const axis of term.axes) product *= extents[axis] ?? 1;
    sum += product;
  }
  return sum;
}
