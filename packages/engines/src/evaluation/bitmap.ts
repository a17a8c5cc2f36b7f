/** Flags packed eight an octet, the first one in the lowest bit; bits after the last flag are 0. */
export function packFlags(flags: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  for (let i = 0; i < flags.length; i++) if (flags[i]) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  return bytes;
}

/**
 * The first `n` flags, each 0 or 1.
 *
 * @throws {RangeError} where the bytes hold fewer
 */
export function unpackFlags(bytes: Uint8Array, n: number): Uint8Array<ArrayBuffer> {
  if (bytes.length * 8 < n)
    throw new RangeError(`a bitmap of ${bytes.length} bytes does not hold ${n} flags`);
  return Uint8Array.from({ length: n }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
}

/** Of each octet how many of its bits are 1. */
const ONES = new Uint8Array(256);
for (let octet = 1; octet < 256; octet++) ONES[octet] = (ONES[octet >> 1] ?? 0) + (octet & 1);

/** How many of the first `n` flags are 1. */
export function countFlags(bytes: Uint8Array, n: number): number {
  return countOnes(n, (i) => bytes[i] ?? 0);
}

/** Of the first `n` flags of two bitmaps: those that are 1 before alone (`lost`), and after alone (`gained`). */
export function countPackedFlips(
  before: Uint8Array,
  after: Uint8Array,
  n: number,
): { lost: number; gained: number } {
  return {
    lost: countOnes(n, (i) => (before[i] ?? 0) & ~(after[i] ?? 0)),
    gained: countOnes(n, (i) => (after[i] ?? 0) & ~(before[i] ?? 0)),
  };
}

/** Without those after the last flag, whatever they are. */
function countOnes(n: number, octetAt: (i: number) => number): number {
  const [whole, rest] = [n >> 3, n & 7];
  let count = ONES[octetAt(whole) & ((1 << rest) - 1)] ?? 0;
  for (let i = 0; i < whole; i++) count += ONES[octetAt(i) & 255] ?? 0;
  return count;
}
