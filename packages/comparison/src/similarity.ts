import { InputError } from '@espalier/errors';

/** What is left of a network, group by group in topological order. */
export interface KeptStructure {
  /** Ids of the channel groups. */
  readonly groups: readonly string[];
  /** Units of each group before the cut. */
  readonly before: readonly number[];
  /** Units of each group after it. */
  readonly after: readonly number[];
  /** Indices of the units that each group keeps; left out where they are not at hand. */
  readonly kept?: readonly (readonly number[])[] | undefined;
}

/** All between 0 (nothing alike) and 1 (the same). */
export interface StructureSimilarity {
  /** For each group 1 minus the difference of the kept shares of its units. */
  readonly groups: readonly number[];
  /** Mean over the groups. */
  readonly widths: number;
  /**
   * Mean over the groups of the Jaccard index of the kept units (those that both keep over those that either keeps);
   * null if they are not at hand. Two structures of equal widths may keep other units.
   */
  readonly units: number | null;
}

/**
 * How alike two structures of one network are. Groups count equally, however wide they are.
 *
 * Source of the index: Jaccard, "Etude comparative de la distribution florale dans une portion des Alpes et du Jura",
 * Bulletin de la Societe vaudoise des sciences naturelles 37 (1901).
 *
 * @throws {InputError} if the two are not of the same channel groups
 */
export function structureSimilarity(a: KeptStructure, b: KeptStructure): StructureSimilarity {
  const alike = (x: readonly unknown[], y: readonly unknown[]) =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  if (!alike(a.groups, b.groups) || !alike(a.before, b.before) || a.groups.length === 0) {
    throw new InputError('structures of different networks have no similarity: compare cuts of one network');
  }
  const share = ({ before, after }: KeptStructure, g: number) => (after[g] ?? 0) / (before[g] ?? 1);
  const groups = a.groups.map((_, g) => 1 - Math.abs(share(a, g) - share(b, g)));
  const { kept } = a;
  const units = kept && b.kept ? mean(kept.map((units, g) => jaccard(units, b.kept?.[g] ?? []))) : null;
  return { groups, widths: mean(groups), units };
}

function jaccard(a: readonly number[], b: readonly number[]): number {
  const first = new Set(a);
  const both = b.filter((unit) => first.has(unit)).length;
  const either = a.length + b.length - both;
  return either === 0 ? 1 : both / either;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
