import { InputError } from '@espalier/errors';

const TWO_TO_32 = 2 ** 32;

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 * Draws unsigned 32-bit integers.
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Unsigned 32-bit integers from `seed`. The state for a seed: two outputs of SplitMix64, each as its low and its high word, as the authors advise. */
export function seededGenerator(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) throw new InputError(`a seed is a whole number, not ${seed}`, 'seed');
  let counter = BigInt.asUintN(64, BigInt(seed));
  const splitMix64 = (): [low: number, high: number] => {
    counter = BigInt.asUintN(64, counter + 0x9e3779b97f4a7c15n);
    let z = counter;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    return [Number(BigInt.asUintN(32, z)), Number(z >> 32n)];
  };
  return xoshiro128([...splitMix64(), ...splitMix64()]);
}

/**
 * A source of uniform numbers in [0, 1), multiples of 2^-32: xoshiro128** from `seed`.
 *
 * @throws {InputError} if the seed is not a safe integer.
 */
export function seededRandom(seed: number): () => number {
  const next = seededGenerator(seed);
  return () => next() / TWO_TO_32;
}

/**
 * A permutation of 0..size-1, drawn from `seed`. Its first n are the sample of size n, so a larger sample
 * extends a smaller one.
 *
 * The identity of samples rests on this algorithm, it must not change: for i = 0, 1, ... size-2, position i
 * changes places with position i + u, where u is uniform in 0..size-i-1: the first draw of xoshiro128**
 * (seeded as `seededRandom`) below the largest multiple of size-i that fits in 2^32, modulo size-i.
 *
 * @throws {InputError} if the seed is not a safe integer.
 */
export function samplePermutation(size: number, seed: number): Uint32Array {
  const next = seededGenerator(seed);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < size - 1; i++) {
    const j = i + below(size - i, next);
    const taken = order[j] ?? 0;
    order[j] = order[i] ?? 0;
    order[i] = taken;
  }
  return order;
}

/** Uniform in 0..bound-1: draws in the incomplete last stretch of 2^32 are thrown away, they would favour small numbers. */
export function below(bound: number, next: () => number): number {
  const fair = TWO_TO_32 - (TWO_TO_32 % bound);
  let draw = next();
  while (draw >= fair) draw = next();
  return draw % bound;
}
