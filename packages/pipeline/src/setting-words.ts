import { canonicalHash, metricBy, recipeHash } from '@espalier/engines';
import { findAllocation, roundsOf } from '@espalier/pruning';
import type { Setting } from './keys.ts';
import { USUAL_LIMITS } from './plan.ts';

/** Longer names of manual shares are cut off: they have as many parts as the network has groups. */
const MOST_LETTERS = 28;
/** More groups are counted. */
const MOST_NAMED = 2;

/**
 * "cie · l1 · widths of 8 · 4 rounds": a strategy as people call it, with whatever is not as it is by default. Runs of
 * one experiment that differ in it have different names; how they are recalibrated and fine-tuned is
 * {@link conditionWords}.
 */
export function strategyWords({
  allocation,
  criterion,
  limits: { align, minWidth, maxRatio, keep },
  rounds,
  recovery,
}: Pick<Setting, 'allocation' | 'criterion' | 'limits' | 'rounds' | 'recovery'>): string {
  return [
    allocationWords(allocation),
    criterion,
    ...(align === USUAL_LIMITS.align ? [] : [alignWords(align)]),
    ...(minWidth === USUAL_LIMITS.minWidth ? [] : [`at least ${minWidth} wide`]),
    ...(maxRatio === USUAL_LIMITS.maxRatio ? [] : [`at most ${Number((maxRatio * 100).toFixed(4))} %`]),
    ...(keep.length === 0 ? [] : [`${groupWords(keep)} whole`]),
    ...roundWords({ allocation, rounds, recovery }),
  ].join(' · ');
}

function alignWords(align: Setting['limits']['align']): string {
  if (align === 'auto') return 'usual multiples';
  return align === 1 ? 'any widths' : `widths of ${align}`;
}

/** What runs of an experiment have in common, as far as there is something: "recipe 3f2a91c". */
export function conditionWords({
  recalibrate,
  repair,
  recipe,
  teacher,
  sampling,
}: Pick<Setting, 'recalibrate' | 'repair' | 'recipe' | 'teacher' | 'sampling'>): string[] {
  return [
    ...metricWords(sampling),
    ...(repair ? [`repaired with ${repair.toLocaleString('en')} images`] : []),
    ...(recipe === null ? [] : [`recipe ${short(recipe)}`]),
    ...(teacher === null ? [] : [`teacher ${short(teacher)}`]),
    ...(recalibrate === null ? [] : [`BatchNorm recalibrated on ${recalibrate.toLocaleString('en')} images`]),
  ];
}

function metricWords(sampling: Setting['sampling']): string[] {
  const { metric = null, weights = {} } = sampling ?? {};
  if (metric === null || metric === 'top1') return [];
  const weighed = Object.entries(weights).flatMap(([output, weight]) =>
    weight === 1 ? [] : `${output} ${weight}`,
  );
  return [
    `judged by ${metricBy(metric).label}${weighed.length > 0 ? ` (weights ${weighed.sort().join(', ')})` : ''}`,
  ];
}

function allocationWords(allocation: string): string {
  if (allocation.length <= MOST_LETTERS || !allocation.startsWith('manual(')) return allocation;
  return `${allocation.slice(0, MOST_LETTERS - 2)}…) ${short(canonicalHash(allocation))}`;
}

function groupWords(keep: readonly string[]): string {
  if (keep.length <= MOST_NAMED) return [...keep].sort().join(' and ');
  return `${keep.length} groups (${short(canonicalHash([...keep].sort()))})`;
}

function roundWords({
  allocation,
  rounds,
  recovery,
}: Pick<Setting, 'allocation' | 'rounds' | 'recovery'>): string[] {
  if (rounds === null) return [];
  const recovered = recovery === null ? '' : `, recovered by ${short(recipeHash(recovery))}`;
  const isUsual = recovered === '' && roundsOf(findAllocation(allocation)) === rounds;
  return isUsual ? [] : [`${rounds} ${rounds === 1 ? 'round' : 'rounds'}${recovered}`];
}

function short(hash: string): string {
  return hash.slice(0, 7);
}
