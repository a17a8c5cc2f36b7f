// What the form of a new experiment holds, and what follows from it. Plain data and pure functions.

import { byHand } from '#src/format/strategies.ts';

/** Which runs are started. */
export interface RunsDraft {
  /** Pairs, see {@link pairOf}. */
  readonly strategies: readonly string[];
  readonly metric: 'macs' | 'params';
  /** Shares to remove, 0..1. */
  readonly shares: readonly number[];
  readonly seeds: readonly number[];
}

export interface ExperimentDraft extends RunsDraft {
  readonly name: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly samples: number;
  readonly grid: string;
  /** Epochs of fine-tuning; 0 for none. */
  readonly epochs: number;
  readonly learningRate: number;
  readonly recalibrate: number;
}

export interface Method {
  readonly name: string;
  readonly description: string;
}

export interface AllocationMethod extends Method {
  /** With a sampling run that all of one criterion go by. */
  readonly sharesSampling: boolean;
}

/** "cie/l1" */
export function pairOf(allocation: string, criterion: string): string {
  return `${allocation}/${criterion}`;
}

/** Names of groups, in shares by hand, have slashes; criteria have none. */
export function readPair(pair: string): { allocation: string; criterion: string } {
  const at = pair.lastIndexOf('/');
  return { allocation: pair.slice(0, at), criterion: pair.slice(at + 1) };
}

/** With shares by hand instead of those that were there before; without any for an empty text. */
export function withSharesByHand(strategies: readonly string[], shares: string, criterion: string): string[] {
  const others = strategies.filter((pair) => byHand(readPair(pair).allocation) === null);
  return shares.trim() === '' ? others : [...others, pairOf(`manual(${shares.trim()})`, criterion)];
}

/** How many runs a draft starts, and how many sampling runs they share. */
export function countRuns(
  { strategies, shares, seeds }: RunsDraft,
  allocations: readonly Pick<AllocationMethod, 'name' | 'sharesSampling'>[],
): { runs: number; samplings: number } {
  const needing = strategies
    .map(readPair)
    .filter(({ allocation }) =>
      allocations.some(({ name, sharesSampling }) => name === allocation && sharesSampling),
    )
    .map(({ criterion }) => criterion);
  return { runs: strategies.length * shares.length * seeds.length, samplings: new Set(needing).size };
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
  if (draft.shares.length === 0) return 'Choose how much to remove.';
  if (draft.seeds.length === 0) return 'Give at least one seed.';
  const beyond = draft.shares.find((share) => share <= 0 || share >= 1);
  if (beyond !== undefined) return 'A share to remove lies between 0 and 100 %.';
  const far = reachable === null ? undefined : draft.shares.find((share) => share > reachable);
  if (far !== undefined && reachable !== null) {
    return `${(far * 100).toFixed(0)} % is out of reach: at most ${(reachable * 100).toFixed(1)} % of the ${draft.metric === 'macs' ? 'MACs' : 'params'} can go.`;
  }
  return null;
}

/** "0, 1, 2" → [0, 1, 2]; what is no whole number is left out. */
export function readSeeds(text: string): number[] {
  const seeds = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number)
    .filter(Number.isSafeInteger);
  return [...new Set(seeds)];
}

/** "30, 50" (per cent) → [0.3, 0.5]. */
export function readShares(text: string): number[] {
  const shares = text
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map(Number)
    .filter(Number.isFinite)
    .map((percent) => Number((percent / 100).toFixed(6)));
  return [...new Set(shares)];
}
