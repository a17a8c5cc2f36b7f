import { InputError } from '@espalier/errors';
import { pairedStandardError } from '@espalier/pruning';

/** The metric that counts hits; results that name none use it. */
export const TOP1 = 'top1';

/** What a network gets right of a split. */
export interface Hits {
  /** A bit an image in the order of the split, the first in the lowest bit of the first byte; behind the last one 0. */
  readonly bits: Uint8Array;
  readonly images: number;
}

/**
 * Whether hits, and so a paired test, tell of results by a metric. They are those of the largest class; of other
 * metrics nothing is kept image by image, so that differences of those stand without a test.
 */
export function hitsTell(metric: string): boolean {
  return metric === TOP1;
}

/** Two networks on the same images. */
export interface PairedTest {
  /** Images that only the first one classifies right. */
  readonly b: number;
  /** Images that only the second one classifies right. */
  readonly c: number;
  readonly images: number;
  /** Accuracy of the first minus that of the second, a fraction. */
  readonly difference: number;
  /** Standard error of the difference, paired over the same images. */
  readonly standardError: number;
  /** Two-sided: how likely images flip at least as unevenly if both were equally accurate. */
  readonly p: number;
}

/**
 * McNemar's test, exact: without a difference each of the b + c images on which the two disagree falls to either of
 * them like a fair coin, so that b is binomial. It is computed by its tail for any number of images, never by the
 * normal approximation; below about 1e-308 p is 0.
 *
 * It says whether two networks differ on images like these. It says nothing of how another seed of the same two
 * settings would come out.
 *
 * Source: McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
 * Psychometrika 12 (1947); the exact form as in Fagerland, Lydersen, Laake, "The McNemar test for binary
 * matched-pairs data", BMC Medical Research Methodology 13 (2013), 91.
 *
 * @param first of a split's images
 * @param second of the same images
 * @throws {InputError} if the two are not of equally many images
 */
export function pairedTest(first: Hits, second: Hits): PairedTest {
  const { images } = first;
  if (images !== second.images || images === 0 || first.bits.length !== second.bits.length) {
    throw new InputError(
      `a paired test needs the same images twice, not ${images} and ${second.images}: compare results of one test split`,
    );
  }
  const { b, c } = disagreements(first.bits, second.bits);
  const standardError = pairedStandardError(b, c, images);
  return { b, c, images, difference: (b - c) / images, standardError, p: twoSidedBinomial(b, c) };
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function disagreements(first: Uint8Array, second: Uint8Array): { readonly b: number; readonly c: number } {
  let b = 0;
  let c = 0;
  for (let i = 0; i < first.length; i++) {
    const x = first[i] ?? 0;
    const y = second[i] ?? 0;
    b += ONES[x & ~y] ?? 0;
    c += ONES[y & ~x] ?? 0;
  }
  return { b, c };
}

/** Twice the probability of at most min(b, c) heads in b + c throws of a fair coin, at most 1. */
function twoSidedBinomial(b: number, c: number): number {
  const n = b + c;
  const fewer = Math.min(b, c);
  let term = Math.exp(logFactorial(n) - logFactorial(fewer) - logFactorial(n - fewer) - n * Math.LN2);
  let tail = term;
  // Downwards the terms get smaller: what no longer changes the sum ends it.
  for (let heads = fewer; heads > 0 && tail + term !== tail; heads--) {
    term *= heads / (n - heads + 1);
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

/** ln 0!, ln 1!, ... as far as anybody has asked: thousands of tests go over the same ones. */
const logFactorials = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[n] ?? 0;
}
