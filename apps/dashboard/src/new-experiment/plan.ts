// What the form of a new experiment holds, and what follows from it. Plain data and pure functions.

import type { QualityMetricName } from '#src/format/quality.ts';
import { byHand, type CostMetric, metricName } from '#src/format/strategies.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import type { Limits } from '#src/settings/limits.ts';

/** Which runs are started. */
export interface RunsDraft {
  /** Pairs, see {@link pairOf}. */
  readonly strategies: readonly string[];
  readonly metric: CostMetric;
  /** Shares to remove, 0..1. */
  readonly shares: readonly number[];
  /** Of latency, to be left; targets beside the shares. */
  readonly milliseconds: readonly number[];
  readonly seeds: readonly number[];
  /** Of sampling and cutting, for strategies that sample; 0 for as many as the strategy has by itself. */
  readonly rounds: number;
  /** Of training between the rounds; 0 for none. */
  readonly recovery: number;
  readonly recoveryUnit: 'steps' | 'epochs';
  /** What is wrong with the text of a field of numbers, by the draft's field that it is for. */
  readonly unread?: Readonly<Partial<Record<'shares' | 'milliseconds' | 'seeds', string | null>>>;
}

export const USUAL_RUNS: RunsDraft = {
  ...{ strategies: ['cie/l1'], metric: 'MACS', shares: [0.5], milliseconds: [], seeds: [0] },
  ...{ rounds: 0, recovery: 0, recoveryUnit: 'steps' },
};

export interface ExperimentDraft extends RunsDraft {
  readonly name: string;
  readonly modelId: string;
  readonly datasetId: string;
  /** By which latency is known; empty: it is not. */
  readonly deviceProfileId: string;
  /** Null for what is usual with the model and the data set. */
  readonly qualityMetric: QualityMetricName | null;
  /** By the names of outputs; those not named count once. */
  readonly outputWeights: Readonly<Record<string, number>>;
  /** 0 for the usual number. */
  readonly samples: number;
  /** By which they are drawn. */
  readonly sampleSeed: number;
  readonly grid: string;
  /** Epochs of fine-tuning; 0 for none. */
  readonly epochs: number;
  readonly learningRate: number;
  /** Images; null for the usual number. */
  readonly repair: number | null;
  readonly recalibrate: number;
  /** Whether the unpruned network is learned from. */
  readonly distils: boolean;
  readonly temperature: number;
  /** Share of the unpruned network's part in the loss. */
  readonly weight: number;
  /** What else a recipe by name says of the training. */
  readonly rest?: Recipe;
  readonly limits: Limits;
  /** Also channels that a normalisation mixes. */
  readonly allowInexact: boolean;
}

export interface Method {
  readonly name: string;
  readonly description: string;
}

export interface CriterionMethod extends Method {
  /** What is sampled by it is so for each seed. */
  readonly drawsBySeed: boolean;
}

export interface AllocationMethod extends Method {
  /** With a sampling run that all of one criterion go by. */
  readonly sharesSampling: boolean;
  /** It samples by itself, anew in each of so many; null for one that does not. */
  readonly rounds: number | null;
}

/** "cie/l1" */
export function pairOf(allocation: string, criterion: string): string {
  return `${allocation}/${criterion}`;
}

/** Names of groups, in manual ratios, have slashes; criteria have none. */
export function readPair(pair: string): { allocation: string; criterion: string } {
  const at = pair.lastIndexOf('/');
  return { allocation: pair.slice(0, at), criterion: pair.slice(at + 1) };
}

/** With manual ratios instead of those that were there before; without any for an empty text. */
export function withSharesByHand(strategies: readonly string[], shares: string, criterion: string): string[] {
  const others = strategies.filter((pair) => byHand(readPair(pair).allocation) === null);
  return shares.trim() === '' ? others : [...others, pairOf(`manual(${shares.trim()})`, criterion)];
}

/** What was put there; empty for none. */
export function sharesByHand(strategies: readonly string[]): string {
  return strategies.map((pair) => byHand(readPair(pair).allocation)).find((shares) => shares !== null) ?? '';
}

/** Whether it goes by samples, and so can sample anew in rounds. */
export function takesRounds({ sharesSampling, rounds }: Sampled): boolean {
  return sharesSampling || rounds !== null;
}

type Sampled = Pick<AllocationMethod, 'sharesSampling' | 'rounds'>;

function samples(pair: string, allocations: readonly (Sampled & { readonly name: string })[]): boolean {
  const { allocation } = readPair(pair);
  return allocations.some((each) => each.name === allocation && takesRounds(each));
}

/** Whether any of the strategies does. */
export function anySamples({ strategies }: RunsDraft, allocations: readonly AllocationMethod[]): boolean {
  return strategies.some((pair) => samples(pair, allocations));
}

/**
 * How many runs a draft starts, and how many sampling runs they share.
 *
 * @param drawn which strategies depend on their seeds; the others run once for all seeds. null: not known yet
 */
export function countRuns(
  draft: RunsDraft,
  {
    allocations,
    criteria,
  }: {
    readonly allocations: readonly Pick<AllocationMethod, 'name' | 'sharesSampling'>[];
    readonly criteria: readonly Pick<CriterionMethod, 'name' | 'drawsBySeed'>[];
  },
  drawn: readonly boolean[] | null,
): { runs: number; samplings: number; once: number } {
  const { strategies, seeds, rounds } = draft;
  const needing = strategies
    .map(readPair)
    .filter(({ allocation }) =>
      allocations.some(({ name, sharesSampling }) => name === allocation && sharesSampling),
    )
    .map(({ criterion }) => criterion);
  const each = strategies.map((_, i) => ((drawn?.[i] ?? true) ? seeds.length : Math.min(1, seeds.length)));
  const sampled = [...new Set(needing)].map((criterion) =>
    criteria.some(({ name, drawsBySeed }) => name === criterion && drawsBySeed) ? seeds.length : 1,
  );
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    runs: sum(each) * targetsOf(draft).length,
    samplings: rounds > 0 ? 0 : sum(sampled),
    once: seeds.length > 1 ? each.filter((runs) => runs === 1).length : 0,
  };
}

/** What is asked for: shares of a cost, and milliseconds where that is latency. */
export function targetsOf({
  metric,
  shares,
  milliseconds,
}: Pick<RunsDraft, 'metric' | 'shares' | 'milliseconds'>) {
  const times = metric === 'LATENCY' ? milliseconds : [];
  return [...shares.map((share) => ({ metric, share })), ...times.map((ms) => ({ metric, ms }))];
}

/** The largest share of a cost that can be removed; null where that is not known. */
export function reachOf(
  reachable: { readonly macs: number; readonly params: number } | null,
  metric: CostMetric,
): number | null {
  if (metric === 'LATENCY') return null;
  return reachable?.[wordOf(metric)] ?? null;
}

/** Why there are fewer runs than strategies times targets times seeds. */
export function onceWords(strategies: number): string {
  return strategies === 1
    ? 'One strategy draws nothing by its seed: it runs once for each target.'
    : `${strategies} strategies draw nothing by their seeds: they run once for each target.`;
}

/** How runs are fine-tuned; null for not at all. */
export function recipeOf(draft: ExperimentDraft): Recipe | null {
  const { epochs, learningRate, distils, temperature, weight, rest = {} } = draft;
  if (epochs === 0) return null;
  return { ...rest, epochs, learningRate, ...(distils ? { distillation: { temperature, weight } } : {}) };
}

export type Recipe = Readonly<Record<string, unknown>>;

export interface NamedRecipe extends Method {
  /** All of its values. */
  readonly recipe: Recipe & {
    readonly epochs: number;
    readonly learningRate: number;
    readonly distillation: { readonly temperature: number; readonly weight: number } | null;
  };
}

/** A recipe as the fields of the form. */
export function fieldsOf({ epochs, learningRate, distillation, ...rest }: NamedRecipe['recipe']) {
  return { epochs, learningRate, distils: distillation !== null, ...distillation, rest };
}

/** How many steps a recipe says, which goes before its epochs; null where it says none. */
export function stepsOf(rest: Recipe = {}): number | null {
  return typeof rest.steps === 'number' ? rest.steps : null;
}

/** The same recipe with so many steps; with 0 its epochs say how long it takes. */
export function withSteps(rest: Recipe = {}, steps: number): Recipe {
  const { steps: _, ...others } = rest;
  return steps > 0 ? { ...others, steps } : others;
}

/** Which recipe the fields say, whoever set them; undefined: none of these. */
export function nameOf(draft: ExperimentDraft, recipes: readonly NamedRecipe[]): string | undefined {
  const said = JSON.stringify(recipeOf(draft));
  return recipes.find(({ recipe }) => JSON.stringify(recipeOf({ ...draft, ...fieldsOf(recipe) })) === said)
    ?.name;
}

/**
 * The strategies as they are started; rounds and the training between them only where there are samples.
 *
 * @param recipe what that training is like, but for its length
 */
export function strategiesOf(
  { strategies, rounds, recovery, recoveryUnit }: RunsDraft,
  allocations: readonly (Sampled & { readonly name: string })[],
  recipe: Recipe | null,
) {
  const { steps: _, ...training } = recipe ?? {};
  const inRounds = {
    ...(rounds > 0 ? { rounds } : {}),
    ...(recovery > 0 ? { recovery: { ...training, [recoveryUnit]: recovery } } : {}),
  };
  return strategies.map((pair) => ({ ...readPair(pair), ...(samples(pair, allocations) ? inRounds : {}) }));
}

/** The first thing that keeps a draft from being started; null if nothing does. */
export function problemOf(draft: ExperimentDraft, reachable: number | null): string | null {
  if (!draft.modelId) return 'Choose a model.';
  if (!draft.datasetId) return 'Choose a data set.';
  if (!draft.name.trim()) return 'Give the experiment a name.';
  return runsProblem(draft, reachable);
}

/** The same for the runs alone. */
export function runsProblem(draft: RunsDraft, reachable: number | null): string | null {
  if (draft.strategies.length === 0) return 'Tick at least one strategy.';
  const unread = Object.values(draft.unread ?? {}).find((wrong) => wrong !== null);
  if (unread !== undefined) return unread;
  if (targetsOf(draft).length === 0) return 'Choose how much to remove.';
  if (draft.seeds.length === 0) return 'Give at least one seed.';
  const beyond = draft.shares.find((share) => share <= 0 || share >= 1);
  if (beyond !== undefined) return 'A share to remove lies between 0 and 100 %.';
  const far = reachable === null ? undefined : draft.shares.find((share) => share > reachable);
  if (far !== undefined && reachable !== null) {
    return `${(far * 100).toFixed(0)} % is out of reach: at most ${(reachable * 100).toFixed(1)} % of the ${metricName(draft.metric)} can go.`;
  }
  return null;
}

/** Numbers as typed, each once, and what is wrong with the text; null where nothing is. */
interface Typed {
  readonly values: readonly number[];
  readonly wrong: string | null;
}

/** "0, 1, 2" → [0, 1, 2] */
export function readSeeds(text: string): Typed {
  return typed(text, (seed) => Number.isSafeInteger(seed) && seed >= 0, 'Seeds are whole numbers from 0');
}

/** "30, 50" (per cent) → [0.3, 0.5]. */
export function readShares(text: string): Typed {
  const { values, wrong } = typed(text, Number.isFinite, 'Shares are percentages such as 30, 50');
  return { values: values.map((percent) => Number((percent / 100).toFixed(6))), wrong };
}

/** "2.5 ms, 3" → [2.5, 3] */
export function readMilliseconds(text: string): Typed {
  return typed(text, (ms) => ms > 0 && ms < Infinity, 'Times are milliseconds such as 2.5, 3');
}

/** @param rule what the numbers are, for a person */
function typed(text: string, accepts: (value: number) => boolean, rule: string): Typed {
  const words = text.split(/[\s,;]+/).filter((word) => !['', '%', 'ms'].includes(word));
  const values = words.map((word) => Number(word.replace(/(%|ms)$/, '')));
  const wrong = words[values.findIndex((value) => !accepts(value))];
  return {
    values: [...new Set(values.filter(accepts))],
    wrong: wrong === undefined ? null : `${rule}, not “${wrong}”.`,
  };
}
