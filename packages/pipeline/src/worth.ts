import { pairedTest } from '@espalier/comparison';
import { type Recipe, trainingSteps } from '@espalier/engines';
import type { Standing } from './bench.ts';

/** Of batches of 128 images, after a repair: see `docs/guide/training.md` for what that uses. */
export const LEAST_STEPS = 300;

/** Differences that chance makes more often than this are none. */
const SIGNIFICANT = 0.05;

/**
 * Before a repaired network is trained.
 *
 * @param images of the training split
 * @returns a line where so short a training does not pay; null if it may
 */
export function tooShort(recipe: Recipe, images: number): string | null {
  const steps = trainingSteps(recipe, images);
  if (steps >= LEAST_STEPS) return null;
  return `${steps} ${steps === 1 ? 'step' : 'steps'} of training after a repair: fewer than ${LEAST_STEPS} rarely gain anything and can undo some of it; train longer (recipe quick), or leave the training out`;
}

/**
 * After training, by the images of the test split.
 *
 * @param before the network that was trained
 * @param what it is: `the repaired network`
 * @param where it is to be had
 * @returns a line where the trained one is no better; null if it is, or where one of both was not tested
 */
export function notWorth(
  { before, after }: Readonly<Record<'before' | 'after', Standing>>,
  { what, where }: { readonly what: string; readonly where: string },
): string | null {
  if (before.hits === null || after.hits === null || before.n === null || after.n === null) return null;
  const { difference, p } = pairedTest(
    { bits: Buffer.from(after.hits, 'base64'), images: after.n },
    { bits: Buffer.from(before.hits, 'base64'), images: before.n },
  );
  const isSignificant = p < SIGNIFICANT;
  if (isSignificant && difference > 0) return null;
  const [own = '', other = ''] = [after, before].map(({ top1 }) => `${((top1 ?? 0) * 100).toFixed(2)} %`);
  const found = isSignificant ? 'it is worse' : 'no more than chance';
  return `fine-tuning was not worth its time: top-1 is ${own} after it, ${other} before (${found} by a paired test, p = ${p.toPrecision(2)}); ${where} has ${what}`;
}
