import { groupedBy, type SettingResult, withoutRepetitions } from './setting-result.ts';

/** A mean over seeds. */
export interface Spread {
  /** Fraction 0..1. */
  readonly mean: number;
  /** Sample standard deviation (divided by n - 1); null for one seed. */
  readonly deviation: number | null;
  /** Seeds. */
  readonly n: number;
}

/** A setting at one operating point. */
export type RankedPoint = Spread & {
  /** 1 is the highest mean accuracy; equal ones share the mean of their ranks. */
  readonly rank: number;
};

interface RankedSetting {
  readonly setting: string;
  /** In the order of {@link RankTable.points}; null where the setting has no result. */
  readonly points: readonly (RankedPoint | null)[];
  /** Over the operating points that all settings have; null where there is none. */
  readonly meanRank: number | null;
  /**
   * Spread, over the seeds that have all operating points shared by all settings, of a seed's mean accuracy over these
   * points; null where there is none.
   */
  readonly overall: Spread | null;
}

export interface RankTable {
  /** In the order in which the results name them. */
  readonly points: readonly string[];
  /** Whether all settings have a result at a point: only there ranks mean the same for all. */
  readonly shared: readonly boolean[];
  /** By mean rank, then by mean accuracy; settings without a mean rank last, as they came. */
  readonly settings: readonly RankedSetting[];
}

/**
 * Ranks settings at each operating point by their mean accuracy over seeds, and over all of them by their mean rank:
 * ranks, unlike accuracies, add up over points of different difficulty.
 *
 * Source: Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), section 3.2.2
 * (mean ranks, ties share theirs).
 */
export function rankTable(results: readonly SettingResult[]): RankTable {
  const single = withoutRepetitions(results);
  const points = [...groupedBy(single, ({ point }) => point).keys()];
  const bySetting = [...groupedBy(single, ({ setting }) => setting)];
  const spreads = bySetting.map(([, rows]) => {
    const byPoint = groupedBy(rows, ({ point }) => point);
    return points.map((point) => spreadOf((byPoint.get(point) ?? []).map(({ top1 }) => top1)));
  });
  const ranks = points.map((_, at) => ranksOf(spreads.map((row) => row[at]?.mean ?? null)));
  const shared = points.map((_, at) => spreads.every((row) => row[at] != null));
  const common = new Set(points.filter((_, at) => shared[at]));
  const settings = bySetting.map(([setting, rows], s): RankedSetting => {
    const ranked = points.map((_, at) => {
      const [spread, rank] = [spreads[s]?.[at], ranks[at]?.[s]];
      return spread && rank != null ? { ...spread, rank } : null;
    });
    const counted = ranked.flatMap((cell, at) => (cell && shared[at] ? cell.rank : []));
    return { setting, points: ranked, meanRank: meanOf(counted), overall: overall(rows, common) };
  });
  const last = Number.POSITIVE_INFINITY;
  settings.sort(
    (a, b) =>
      order(a.meanRank ?? last, b.meanRank ?? last) || order(b.overall?.mean ?? 0, a.overall?.mean ?? 0),
  );
  return { points, shared, settings };
}

/** Mean, sample standard deviation and number; null for no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const mean = meanOf(values);
  if (mean === null) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const n = values.length;
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}

/** Means of the same accuracies in another order differ by less; accuracies that differ do so by far more. */
const ROUNDING = 1e-12;

/** Descending: the highest value has rank 1. Equal ones share the mean of their ranks; null stays null. */
function ranksOf(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter((value) => value !== null);
  return values.map((value) => {
    if (value === null) return null;
    const above = known.filter((other) => other > value + ROUNDING).length;
    const equal = known.filter((other) => Math.abs(other - value) <= ROUNDING).length;
    return above + (equal + 1) / 2;
  });
}

function overall(rows: readonly SettingResult[], points: ReadonlySet<string>): Spread | null {
  const bySeed = groupedBy(
    rows.filter(({ point }) => points.has(point)),
    ({ seed }) => seed,
  );
  const complete = [...bySeed.values()].filter(({ length }) => length > 0 && length === points.size);
  return spreadOf(complete.map((each) => meanOf(each.map(({ top1 }) => top1)) ?? 0));
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
