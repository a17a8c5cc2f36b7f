// Whether results may be compared, in words. One rule a line, for the API, the dashboard and the command.

import { COST_FACTS, type CostMetric } from '@espalier/network';
import { evaluatorReason, isDecodedHere, type Judged, judgedAlike } from './evaluator.ts';
import { TOP1 } from './paired-test.ts';
import { type Recomputed, recomputedAgrees } from './recomputed.ts';
import { type Savings, savedOf, sharedCosts } from './savings.ts';
import { groupedBy, SAME_SAVING, savingsApart } from './setting-result.ts';

/** What the rules ask of a result. */
export interface ComparedResult extends Savings, Judged, Recomputed {
  /** How people call it. */
  readonly name: string;
  /** Copied from a paper or a repository, not measured here. */
  readonly published: boolean;
  /** Hash of the network that was pruned; null if it is not known. */
  readonly base: string | null;
  /** The same for networks that see their images in the same way; left out where it is not known. */
  readonly preprocessing?: string | null | undefined;
  readonly dataset: string | null;
  /** Images of the test split that it was judged on. */
  readonly images: number | null;
  /** Hash of the recipe; null for no fine-tuning, undefined where it is not known. */
  readonly recipe: string | null | undefined;
  /** Training images that BatchNorm was recalibrated on; null for none. */
  readonly recalibrated: number | null;
  /** Training images by which the layers behind the cut were repaired; null, left out or 0 for no repair. */
  readonly repaired?: number | null | undefined;
  /** The same for results that differ in their seed only: all that decides one, its target included, and nothing else. */
  readonly setting: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly seed: number;
  /** Nothing is drawn by the seed: the result would be the same with every other. Left out where something is. */
  readonly drawsNothing?: boolean | undefined;
  /** What was asked for. */
  readonly metric: CostMetric;
  readonly share: number;
  readonly params: number | null;
  readonly macs: number | null;
  /** By what it was judged; left out for top-1. */
  readonly qualityMetric?: string | undefined;
  /** How its outputs count, as text; null or left out where they count alike. */
  readonly outputWeights?: string | null | undefined;
  /** By that metric; null if it is not known. */
  readonly value: number | null;
  readonly top5: number | null;
  readonly classes: number | null;
  /** The machine and the engine that latency was measured with; null if it was not. */
  readonly device: string | null;
  /** How MACs and params were counted; left out for the count of this project. */
  readonly counter?: string | undefined;
  /** The same for results of equal widths in every channel group; left out where it is not known. */
  readonly structure?: string | null | undefined;
  /** What stands behind an imported result; null or left out for one that was computed here. */
  readonly evidence?: string | null | undefined;
  /** Trained from random weights, not from what the base had learnt. */
  readonly fromScratch?: boolean | undefined;
}

type Verdict = 'comparable' | 'reservations' | 'not-comparable';

interface Reason {
  /** The rule, for programs. */
  readonly rule: RuleName;
  /** What it says of these results, for people. */
  readonly text: string;
}

export interface Comparability {
  readonly verdict: Verdict;
  /** Without them the results would be comparable. The graver ones first. */
  readonly reasons: readonly Reason[];
}

/** From so many classes on, top-1 alone is not enough. */
const CLASSES_FOR_TOP5 = 100;

/** Plain values, compared as they are: thousands of results are looked at, rule by rule. */
type Value = string | number | boolean | null | undefined;

/** What is wrong, in words; null if nothing is. */
type Check = (results: readonly ComparedResult[]) => string | null;

type Equality = readonly [of: (result: ComparedResult) => Value, text: string];
type Demand = readonly [holds: (result: ComparedResult) => boolean, text: string];

/** What must be equal: where it is not, a comparison of values means nothing. */
const EQUALITIES = {
  published: [
    ({ published }) => published,
    'some numbers are copied from publications: they are shown beside own runs and never ranked with them',
  ],
  base: [({ base }) => base, 'they start from different trained networks'],
  preprocessing: [
    ({ preprocessing }) => preprocessing ?? null,
    'they have different preprocessing or a different order of classes',
  ],
  dataset: [({ dataset }) => dataset, 'they were evaluated on different data sets'],
  images: [({ images }) => images, 'they were evaluated on different numbers of test images'],
  decoding: [
    ({ decoding }) => decoding ?? null,
    'their images were decoded by different rules, which gives different pixels for the same files',
  ],
  qualityMetric: [
    ({ qualityMetric }) => qualityMetric ?? TOP1,
    'they have different metrics, whose values have no common scale',
  ],
  outputWeights: [({ outputWeights }) => outputWeights ?? '', 'their outputs have different weights'],
  counter: [({ counter }) => counter ?? null, 'their MACs and params were counted in different ways'],
  recipe: [({ recipe }) => recipe, 'they were fine-tuned with different recipes'],
  recalibration: [
    ({ recalibrated }) => recalibrated ?? 0,
    'their BatchNorm was recalibrated on different numbers of images',
  ],
  repair: [
    ({ repaired }) => repaired ?? 0,
    'they were repaired with different numbers of images, or some of them not at all',
  ],
} as const satisfies Record<string, Equality>;

/** What has to be known of each result. */
const DEMANDS = {
  ground: [
    ({ published, base, dataset, images, recipe }) =>
      published || (base !== null && dataset !== null && images !== null && recipe !== undefined),
    'the network it started from, its data set, its test images or its recipe is not known',
  ],
  measures: [
    ({ params, macs, value }) => params !== null && macs !== null && value !== null,
    'params, MACs and the value of the metric are not all known',
  ],
  top5: [
    ({ qualityMetric = TOP1, classes, top5 }) =>
      qualityMetric !== TOP1 || classes === null || classes < CLASSES_FOR_TOP5 || top5 !== null,
    'top-5 is not known, and there are many classes',
  ],
  recomputed: [
    (result) => recomputedAgrees(result) !== false,
    'a worker evaluated the network again and found a different value than the reported one',
  ],
} as const satisfies Record<string, Demand>;

/** These leave a comparison standing, with a grain of salt. */
const RESERVATIONS = {
  saving: (results) => {
    const spreads = sharedCosts(results).flatMap((metric) => spread(results, metric) ?? []);
    const differing = spreads.length > 0 && spreads.every((each) => each > SAME_SAVING);
    return differing ? 'they save different amounts, so their accuracies alone do not rank them' : null;
  },
  evidence: (results) =>
    differ(
      results,
      ({ evidence }) => evidence === 'reported',
      'some numbers, including MACs and params, are only reported, and no network was sent',
    ) ??
    differ(
      results,
      ({ evidence }) => evidence == null || evidence === 'recomputed',
      'some values are only reported, and no worker evaluated these networks again',
    ),
  target: (results) => {
    const [first, ...others] = new Set(results.map(({ metric }) => COST_FACTS[metric].title));
    return others.length === 0 ? null : `some have targets in ${first}, others in ${others.join(' or ')}`;
  },
  profile: (results) =>
    differ(
      results.filter((result) => savedOf(result, 'latency') !== null),
      ({ profile }) => profile,
      'their latencies are predicted for different devices; MACs and params are still comparable',
    ),
  seeds: (results) => {
    const drawn = results.filter(({ drawsNothing }) => !drawsNothing);
    const seeds = [...bySetting(drawn).values()].map((all) => new Set(all.map(({ seed }) => seed)));
    if (new Set(seeds.map(({ size }) => size)).size > 1) return 'some settings have more seeds than others';
    const [first, ...others] = seeds;
    const same = others.every((each) => [...each].every((seed) => first?.has(seed)));
    return same ? null : 'some settings have other seeds than others';
  },
  device: (results) =>
    differ(
      results.filter(({ device }) => device !== null),
      ({ device }) => device,
      'latencies were measured on different machines or engines; MACs and params are still comparable',
    ),
} as const satisfies Record<string, Check>;

export type RuleName =
  | keyof typeof EQUALITIES
  | 'evaluator'
  | keyof typeof DEMANDS
  | keyof typeof RESERVATIONS;
export const RULE_NAMES = [EQUALITIES, { evaluator: null }, DEMANDS, RESERVATIONS].flatMap(
  Object.keys,
) as RuleName[];

/**
 * Judges whether results compare; fewer than two always do. Where publications are among them, the other rules apply to
 * our own results only: what a publication does not say would break every rule, and hide what is wrong with ours.
 */
export function comparability(results: readonly ComparedResult[]): Comparability {
  const { published, decoding, ...others } = EQUALITIES;
  const mixed = reasons<Equality>({ published }, ([of, text]) => differ(results, of, text));
  const judged = mixed.length > 0 ? results.filter((result) => !result.published) : results;
  const evaluators = evaluatorReason(judged);
  const broken = [
    ...mixed,
    ...reasons<Equality>(others, ([of, text]) => differ(judged, of, text)),
    ...reasons<Equality>({ decoding }, ([of, text]) => differ(judged.filter(isDecodedHere), of, text)),
    ...(evaluators?.grave ? [{ rule: 'evaluator', text: evaluators.text } as const] : []),
    ...reasons<Demand>(DEMANDS, ([holds, text]) => lack(judged, holds, text)),
  ];
  const doubtful = [
    ...(evaluators && !evaluators.grave ? [{ rule: 'evaluator', text: evaluators.text } as const] : []),
    ...reasons<Check>(RESERVATIONS, (check) => check(judged)),
  ];
  const verdict = broken.length > 0 ? 'not-comparable' : doubtful.length > 0 ? 'reservations' : 'comparable';
  return { verdict, reasons: [...broken, ...doubtful] };
}

/**
 * Results apart by what must be equal, those that lack something left out: within each group values may be
 * compared, between two groups they may not.
 *
 * @returns the groups in the order of their first results, and the results of none
 */
export function comparableGroups<T extends ComparedResult>(
  results: readonly T[],
): { readonly groups: readonly (readonly T[])[]; readonly lacking: readonly T[] } {
  const demands = Object.values(DEMANDS);
  const complete = (result: T) => demands.every(([holds]) => holds(result));
  const { decoding: _, ...others } = EQUALITIES;
  const equal = Object.values<Equality>(others);
  const ground = (result: T) => equal.reduce((key, [of]) => `${key}${of(result)}\n`, '');
  const groups = groupedBy(results, (result) => (complete(result) ? ground(result) : null));
  const lacking = groups.get(null) ?? [];
  groups.delete(null);
  const apart = [...groups.values()].flatMap(judgedAlike);
  return { groups: apart.sort(([a], [b]) => placeOf(results, a) - placeOf(results, b)), lacking };
}

function placeOf<T>(results: readonly T[], one: T | undefined): number {
  return one === undefined ? -1 : results.indexOf(one);
}

function reasons<R>(
  rules: Readonly<Partial<Record<RuleName, R>>>,
  check: (rule: R) => string | null,
): Reason[] {
  return (Object.entries(rules) as [RuleName, R][]).flatMap(([rule, checked]) => {
    const text = check(checked);
    return text === null ? [] : [{ rule, text }];
  });
}

function differ(
  results: readonly ComparedResult[],
  of: (result: ComparedResult) => Value,
  text: string,
): string | null {
  const [first] = results;
  return first && results.some((result) => of(result) !== of(first)) ? text : null;
}

function lack(
  results: readonly ComparedResult[],
  holds: (result: ComparedResult) => boolean,
  text: string,
): string | null {
  const lacking = results.filter((result) => !holds(result));
  return lacking.length > 0 ? `${names(lacking)}: ${text}` : null;
}

/** The widest difference of a saving; null if it is known of fewer than two. */
function spread(results: readonly ComparedResult[], metric: CostMetric): number | null {
  const values = results.flatMap((result) => savedOf(result, metric) ?? []);
  return values.length < 2 ? null : Math.max(...values) - Math.min(...values);
}

/** Results that differ in their seed only. */
export function bySetting(results: readonly ComparedResult[]): Map<string, ComparedResult[]> {
  return groupedBy(results, ({ setting }) => setting);
}

function names(results: readonly ComparedResult[]): string {
  const [first, second, ...rest] = results.map(({ name }) => name);
  if (rest.length > 1) return `${first}, ${second} and ${rest.length} more`;
  return [first, second, ...rest].filter(Boolean).join(', ');
}

/**
 * How far the achieved savings of two results lie apart, in the cost that both were to save, or in that in which they
 * are nearer; null if they compare. Beyond it their values name no winner.
 */
export function apartOf(a: ComparedResult, b: ComparedResult): number | null {
  const apart = (metric: CostMetric) => savingsApart([savedOf(a, metric), savedOf(b, metric)]);
  const costs = sharedCosts([a, b]);
  if (a.metric === b.metric && costs.includes(a.metric)) return apart(a.metric);
  const each = costs
    .filter((metric) => savedOf(a, metric) !== null && savedOf(b, metric) !== null)
    .map(apart);
  return each.reduce(
    (nearest, one) => (nearest === null || one === null ? null : Math.min(nearest, one)),
    each[0] ?? null,
  );
}
