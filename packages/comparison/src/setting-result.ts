/** A result as the comparison of settings sees it. */
export interface SettingResult {
  /** What is compared: a strategy, say. */
  readonly setting: string;
  /** Operating point at which settings meet: a target, say. */
  readonly point: string;
  readonly seed: number;
  /** Nothing is drawn by the seed: the result would be the same with every other. Left out where something is. */
  readonly drawsNothing?: boolean | undefined;
  /** By the metric that all results of the comparison are judged by: accuracy (a fraction 0..1), a loss, an error. */
  readonly value: number;
  /** The same for equal networks that see their images in the same way; left out where that is not known. */
  readonly network?: string | null | undefined;
  /** Share of the cost removed that the point is about; left out where it is not known. */
  readonly saved?: number | null | undefined;
}

/** A network that was tested, once, and the seeds that lead to it. */
export interface Distinct<T extends SettingResult> {
  readonly result: T;
  /** null: all of them. */
  readonly seeds: ReadonlySet<number> | null;
}

/**
 * The different results of each setting and operating point: neither the same seed once more, of which the first
 * counts, nor the same network with another seed is a further result.
 */
export function distinctResults<T extends SettingResult>(results: readonly T[]): Distinct<T>[] {
  const found = new Map<string, { readonly result: T; readonly seeds: Set<number> }>();
  const taken = new Set<string>();
  /** Settings that have several at a point. */
  const several = new Set<string>();
  const places = new Set<string>();
  for (const result of results) {
    const { setting, point, seed, network } = result;
    const place = JSON.stringify([setting, point]);
    const repetition = `${place} ${seed}`;
    if (taken.has(repetition)) continue;
    taken.add(repetition);
    const key = network == null ? repetition : JSON.stringify([place, network]);
    const known = found.get(key);
    known?.seeds.add(seed);
    if (known) continue;
    found.set(key, { result, seeds: new Set([seed]) });
    if (places.has(place)) several.add(setting);
    places.add(place);
  }
  return [...found.values()].map(({ result, seeds }) => {
    // Several networks of a setting that draws nothing by its seed were sampled by other images: these are its chance.
    return { result, seeds: result.drawsNothing && !several.has(result.setting) ? null : seeds };
  });
}

/** The different results of one setting at one operating point, to be met by those of another one. */
export class Opponents<T extends SettingResult> {
  private readonly bySeed = new Map<number, Distinct<T>>();
  private readonly always: Distinct<T>[] = [];

  constructor(private readonly all: readonly Distinct<T>[]) {
    for (const each of all) {
      if (each.seeds === null) this.always.push(each);
      for (const seed of each.seeds ?? []) this.bySeed.set(seed, each);
    }
  }

  /** Each once that shares a seed with the result, with the first such seed; null if both have every seed. */
  of({ seeds }: Distinct<T>): (readonly [Distinct<T>, number | null])[] {
    const [first = null] = seeds ?? [];
    if (seeds === null) return this.all.map((each) => [each, [...(each.seeds ?? [])][0] ?? null]);
    const met = new Map<Distinct<T>, number | null>(this.always.map((each) => [each, first]));
    for (const seed of seeds) {
      const other = this.bySeed.get(seed);
      if (other && !met.has(other)) met.set(other, seed);
    }
    return [...met];
  }
}

/** Above this two achieved savings are two operating points: a share of the base cost. */
export const SAME_SAVING = 0.02;
/** Differences of shares are not exact. */
const ROUNDING = 1e-9;

/** How far savings lie apart; null if they compare, or fewer than two are known. */
export function savingsApart(saved: readonly (number | null | undefined)[]): number | null {
  const known = saved.filter((share) => share != null);
  if (known.length < 2) return null;
  const width = Math.max(...known) - Math.min(...known);
  return width > SAME_SAVING + ROUNDING ? width : null;
}

/** "not compared: savings differ by 6.9 points" */
export function apartWords(apart: number): string {
  return `not compared: savings differ by ${(apart * 100).toFixed(1)} points`;
}

/** Groups rows by a key, in the order in which the keys first appear. */
export function groupedBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
