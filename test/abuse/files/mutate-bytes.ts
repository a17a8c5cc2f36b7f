import type { Random } from '../../../packages/network/test/random.ts';

const NUMBERS = [0, 1, 2, 7, 8, 64, 127, 128, 254, 255] as const;

/** Mutants of bytes that know nothing of what they mean. `others` are files of the same kind. */
const MUTATIONS: readonly [
  (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array,
  ...((bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array)[],
] = [
  (bytes, random) => {
    const copy = new Uint8Array(bytes);
    for (let flips = random.integer(1, 8); flips > 0; flips--) {
      const at = somewhere(copy, random);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(0, 7));
    }
    return copy;
  },
  (bytes, random) => {
    const copy = new Uint8Array(bytes);
    const at = somewhere(copy, random);
    const length = random.integer(1, 8);
    for (let i = at; i < at + length && i < copy.length; i++) copy[i] = random.pick([...NUMBERS]);
    return copy;
  },
  (bytes, random) => bytes.subarray(0, random.integer(0, Math.max(0, bytes.length - 1))),
  (bytes, random) => {
    const [from, length] = [somewhere(bytes, random), random.integer(1, 64)];
    return join(bytes.subarray(0, from), bytes.subarray(from + length));
  },
  (bytes, random) => {
    const [at, from] = [somewhere(bytes, random), somewhere(bytes, random)];
    const piece = bytes.subarray(from, from + random.integer(1, 200));
    return join(
      bytes.subarray(0, at),
      ...new Array<Uint8Array>(random.integer(1, 5)).fill(piece),
      bytes.subarray(at),
    );
  },
  (bytes, random, others) => {
    const other = others[random.integer(0, others.length - 1)] ?? bytes;
    return join(bytes.subarray(0, somewhere(bytes, random)), other.subarray(somewhere(other, random)));
  },
];

export function mutateBytes(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let mutant = bytes;
  for (let i = random.chance(0.6) ? 1 : 3; i > 0; i--)
    mutant = random.pick([...MUTATIONS])(mutant, random, others);
  return mutant;
}

/** Heads decide more than what follows them. */
function somewhere(bytes: Uint8Array, random: Random): number {
  const end = random.chance(0.25) ? Math.min(bytes.length, 200) : bytes.length;
  return random.integer(0, Math.max(0, end - 1));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
