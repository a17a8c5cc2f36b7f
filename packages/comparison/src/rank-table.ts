import { type Better, lead } from './better.ts';
import {
  type Distinct,
  distinctResults,
  groupedBy,
  type SettingResult,
  savingsApart,
} from './setting-result.ts';

/** A mean over different results: of seeds, equal networks counting once. */
export interface Spread {
  /** In the unit of the values: of accuracies a fraction 0..1. */
  readonly mean: number;
  /** Sample standard deviation (divided by n - 1); null for one result. */
  readonly deviation: number | null;
  readonly n: number;
}

/** A setting at one operating point. */
export type RankedPoint = Spread & {
  /** 1 is the best mean; equal ones share the mean of their ranks. Null if savings lie apart. */
  readonly rank: number | null;
};

interface RankedSetting {
  readonly setting: string;
  /** In the order of {@link RankTable.points}; null if the setting has no result. */
  readonly points: readonly (RankedPoint | null)[];
  /** Over the operating points that all settings have and that are ranked; null if there is none. */
  readonly meanRank: number | null;
  /**
   * Spread, over the seeds that have all of these operating points, of a seed's mean over them; seeds that lead
   * to the same networks count once. Null if there is none.
   */
  readonly overall: Spread | null;
}

export interface RankTable {
  /** In the order in which the results name them. */
  readonly points: readonly string[];
  /** Whether all settings have a result at a point: only there ranks mean the same for all. */
  readonly shared: readonly boolean[];
  /**
   * How far the mean savings of settings lie apart at a point, where nothing is ranked for it; null if they compare.
   */
  readonly apart: readonly (number | null)[];
  /** By mean rank, then by mean value; settings without a mean rank last, as they came. */
  readonly settings: readonly RankedSetting[];
}

/**
 * Ranks settings at each operating point by their mean value over seeds, and over all of them by their mean rank:
 * ranks, unlike values, add up over points of different difficulty.
 *
 * Source: Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), section 3.2.2
 * (mean ranks, ties share theirs).
 *
 * @param results all by one metric
 * @param better which of its values are
 */
export function rankTable(results: readonly SettingResult[], better: Better): RankTable {
  const single = distinctResults(results);
  const points = [...groupedBy(single, ({ result }) => result.point).keys()];
  const bySetting = [...groupedBy(single, ({ result }) => result.setting)].map(([setting, rows]) => {
    const byPoint = groupedBy(rows, ({ result }) => result.point);
    return {
      setting,
      rows,
      at: points.map((point) => (byPoint.get(point) ?? []).map(({ result }) => result)),
    };
  });
  const spreads = bySetting.map(({ at }) => at.map((found) => spreadOf(found.map(({ value }) => value))));
  const apart = points.map((_, p) => savingsApart(bySetting.map(({ at }) => savingOf(at[p] ?? []))));
  const ranks = points.map((_, p) =>
    apart[p] === null
      ? ranksOf(
          spreads.map((row) => row[p]?.mean ?? null),
          better,
        )
      : [],
  );
  const shared = points.map((_, p) => spreads.every((row) => row[p] != null));
  const common = new Set(points.filter((_, p) => shared[p] && apart[p] === null));
  const settings = bySetting.map(({ setting, rows }, s): RankedSetting => {
    const ranked = points.map((_, p) => {
      const spread = spreads[s]?.[p];
      return spread ? { ...spread, rank: ranks[p]?.[s] ?? null } : null;
    });
    const counted = ranked.flatMap((cell, p) => (shared[p] ? (cell?.rank ?? []) : []));
    return { setting, points: ranked, meanRank: meanOf(counted), overall: overall(rows, common) };
  });
  const last = Number.POSITIVE_INFINITY;
  settings.sort(
    (a, b) =>
      order(a.meanRank ?? last, b.meanRank ?? last) ||
      Math.sign(lead(better, b.overall?.mean ?? 0, a.overall?.mean ?? 0)),
  );
  return { points, shared, apart, settings };
}

/** Mean, sample standard deviation and number; null for no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const mean = meanOf(values);
  if (mean === null) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const n = values.length;
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}

/** Means of the same values in another order differ by less; values that differ do so by far more. */
const ROUNDING = 1e-12;

/** The best value has rank 1. Equal ones share the mean of their ranks; null stays null. */
function ranksOf(values: readonly (number | null)[], better: Better): (number | null)[] {
  const known = values.filter((value) => value !== null);
  return values.map((value) => {
    if (value === null) return null;
    const above = known.filter((other) => lead(better, other, value) > ROUNDING).length;
    const equal = known.filter((other) => Math.abs(other - value) <= ROUNDING).length;
    return above + (equal + 1) / 2;
  });
}

function savingOf(results: readonly SettingResult[]): number | null {
  return meanOf(results.map(({ saved }) => saved).filter((saved) => saved != null));
}

function overall(rows: readonly Distinct<SettingResult>[], points: ReadonlySet<string>): Spread | null {
  const counted = rows.filter(({ result }) => points.has(result.point));
  const always: number[] = [];
  const drawn = new Map<number, number[]>();
  for (const [i, { seeds }] of counted.entries()) {
    if (seeds === null) always.push(i);
    for (const seed of seeds ?? []) drawn.set(seed, [...(drawn.get(seed) ?? []), i]);
  }
  // Where nothing is drawn one seed stands for all.
  const complete = (drawn.size > 0 ? [...drawn.values()] : [[]])
    .map((own) => [...always, ...own])
    .filter(({ length }) => length > 0 && length === points.size);
  const different = new Map(complete.map((each) => [each.join(), each]));
  return spreadOf(
    [...different.values()].map((each) => meanOf(each.flatMap((i) => counted[i]?.result.value ?? [])) ?? 0),
  );
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
