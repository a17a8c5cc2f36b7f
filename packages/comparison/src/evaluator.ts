// The rule by which results of different programs are compared: the network that they start from is scored by both.

import { groupedBy } from './setting-result.ts';

/** What the rule asks of a result. */
export interface Evaluated {
  /** Who judged it elsewhere: a tool, and how pixels became its inputs; null or left out for the platform. */
  readonly evaluator?: string | null | undefined;
  /** What the unpruned network has by the same evaluator; null or left out where it is not known. */
  readonly baseValue?: number | null | undefined;
}

/** What says how it was judged, beside the evaluator. */
export interface Judged extends Evaluated {
  /** Version of the rules by which images were decoded; left out where it does not matter, and where another program did. */
  readonly decoding?: number | null | undefined;
}

/** 0.1 point: from here on two programs do not see the same images. */
export const BRIDGED_WITHIN = 0.001;
/** Of shares that were divided. */
export const ROUNDING = 1e-9;

const of = ({ evaluator }: Evaluated): string => evaluator ?? '';

/** Why results of several evaluators are not compared, or compared with a reservation; null if there is one. */
export function evaluatorReason(
  results: readonly Evaluated[],
): { readonly grave: boolean; readonly text: string } | null {
  const evaluators = new Set(results.map(of));
  if (evaluators.size < 2) return null;
  const names = [...evaluators].map((name) => name || 'Espalier').join(', ');
  const bases = results.map(({ baseValue }) => baseValue ?? Number.NaN);
  const apart = Math.max(...bases) - Math.min(...bases);
  if (apart <= BRIDGED_WITHIN + ROUNDING) {
    const points = (100 * apart).toFixed(2);
    const text = `they were evaluated by different programs (${names}), which score the unpruned network ${points} points apart`;
    return { grave: false, text };
  }
  const why = Number.isNaN(apart)
    ? 'not all of them scored the unpruned network, too'
    : `which score the unpruned network ${(100 * apart).toFixed(2)} points apart`;
  return { grave: true, text: `they were evaluated by different programs (${names}), ${why}` };
}

/**
 * Results apart by evaluators, but for those whose scores of the unpruned network agree; in the order of their first
 * ones. What an evaluator gives the unpruned network is the same for all of its results.
 */
function bridgedGroups<T extends Evaluated>(results: readonly T[]): T[][] {
  const bases = new Map(results.map((result) => [of(result), result.baseValue ?? null]));
  const known = [...bases].flatMap(([name, base]) => (base === null ? [] : [{ name, base }]));
  const groupOf = new Map<string, string>();
  let first = { name: '', base: Number.NEGATIVE_INFINITY };
  for (const each of known.sort((a, b) => a.base - b.base)) {
    if (each.base - first.base > BRIDGED_WITHIN + ROUNDING) first = each;
    groupOf.set(each.name, first.name);
  }
  return [...groupedBy(results, (result) => groupOf.get(of(result)) ?? of(result)).values()];
}

/** Results apart by all that judged them: by evaluators that are not bridged, and by the rules that decoded their images. */
export function judgedAlike<T extends Judged>(results: readonly T[]): T[][] {
  return bridgedGroups(results).flatMap(byDecoding);
}

/** What another program decoded goes with the first ones of ours: that its evaluator is bridged says enough. */
function byDecoding<T extends Judged>(results: readonly T[]): T[][] {
  const first = results.find(isDecodedHere)?.decoding;
  return [...groupedBy(results, ({ decoding }) => decoding ?? first).values()];
}

export function isDecodedHere({ decoding }: Judged): boolean {
  return decoding != null;
}

/**
 * For each result the first of the evaluators that its own is bridged with where both started from the same network on
 * the same images: where these differ, values have no common scale. Empty for those that compare with the platform's.
 *
 * @param groundOf the same for results whose evaluators score the same unpruned network
 */
export function evaluatorScales<T extends Evaluated>(
  results: readonly T[],
  groundOf: (result: T) => string,
): string[] {
  const scales = new Map<T, string>();
  for (const group of [...groupedBy(results, groundOf).values()].flatMap(bridgedGroups)) {
    const [first = ''] = group.map(of).sort();
    for (const result of group) scales.set(result, first);
  }
  return results.map((result) => scales.get(result) ?? '');
}
