/** A result as the comparison of settings sees it. */
export interface SettingResult {
  /** What is compared: a strategy, say. */
  readonly setting: string;
  /** Operating point at which settings meet: a target, say. */
  readonly point: string;
  readonly seed: number;
  /** Fraction 0..1. */
  readonly top1: number;
}

/** One result for each setting, operating point and seed, the first: a repetition is no further seed. */
export function withoutRepetitions<T extends SettingResult>(results: readonly T[]): T[] {
  const seen = new Set<string>();
  return results.filter(({ setting, point, seed }) => {
    const key = JSON.stringify([setting, point, seed]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
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
