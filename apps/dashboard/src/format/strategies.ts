/**
 * One colour for each way to allocate, the same on every page, from the set of Okabe and Ito (safe for
 * colour-blind readers); CIE has the leaf green.
 */
const COLOURS: Readonly<Record<string, string>> = {
  cie: '#2e9e4f',
  'cie-proportional': '#56b4e9',
  'cie-iterative': '#8c6bb1',
  global: '#0072b2',
  uniform: '#e69f00',
  sensitivity: '#d55e00',
  greedy: '#cc79a7',
  random: '#999999',
  manual: '#117a65',
};
const OTHERS = ['#a6761d', '#4d6a8a'];

/** Of any name: those that are not known share the rest, by their letters. */
export function strategyColour(allocation: string): string {
  const known = COLOURS[byHand(allocation) === null ? allocation : 'manual'];
  if (known) return known;
  const sum = [...allocation].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return OTHERS[sum % OTHERS.length] ?? '#999999';
}

/** Longer names of shares by hand are cut off: they have as many parts as the network has groups. */
const MOST_LETTERS = 28;

/** The shares of "manual(...)"; null for an allocation of another kind. */
export function byHand(allocation: string): string | null {
  return /^manual\((.*)\)$/s.exec(allocation)?.[1] ?? null;
}

/** "cie · l1" */
export function strategyWords({ allocation, criterion }: Pick<Strategy, 'allocation' | 'criterion'>): string {
  const isLong = byHand(allocation) !== null && allocation.length > MOST_LETTERS;
  return `${isLong ? `${allocation.slice(0, MOST_LETTERS - 2)}…)` : allocation} · ${criterion}`;
}

interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
}

/** "cie · l1 · 50 % MACs · seed 0". */
export function runTitle(run: Strategy): string {
  return `${strategyWords(run)} · ${targetWords(run)} · seed ${run.seed}`;
}

/** The share that is to go: "50 % MACs". */
export function targetWords({ metric, share }: Pick<Strategy, 'metric' | 'share'>): string {
  return `${Number((share * 100).toFixed(1))} % ${metric === 'macs' ? 'MACs' : 'params'}`;
}
