import type { Random } from '../../../packages/network/test/random.ts';
import { join } from './mutate-bytes.ts';

/** One field of a message, as it is on the wire; a value that is bytes may be a message itself. */
interface Field {
  number: number;
  value: bigint | Uint8Array | Field[];
  /** 1 and 5 are eight and four bytes without a length. */
  wire: 0 | 1 | 2 | 5;
}

const DEEPEST = 12;

/** The fields of a message, or null if it is none. */
function parse(bytes: Uint8Array, depth = 0): Field[] | null {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at);
    if (!key) return null;
    const [number, wire] = [Number(key.value >> 3n), Number(key.value & 7n)];
    at = key.end;
    if (number < 1 || number > 1000) return null;
    if (wire === 0) {
      const read = readVarint(bytes, at);
      if (!read) return null;
      fields.push({ number, wire, value: read.value });
      at = read.end;
    } else if (wire === 1 || wire === 2 || wire === 5) {
      const said = wire === 2 ? readVarint(bytes, at) : { value: wire === 1 ? 8n : 4n, end: at };
      if (!said || said.value > BigInt(bytes.length - said.end)) return null;
      at = said.end + Number(said.value);
      const value = bytes.subarray(said.end, at);
      const isOpen = wire === 2 && value.length > 1 && depth < DEEPEST && !isText(value);
      fields.push({ number, wire, value: (isOpen && parse(value, depth + 1)) || value });
    } else return null;
  }
  return fields;
}

/** Names are bytes that could be a message, too. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte > 31 && byte < 127);
}

function readVarint(bytes: Uint8Array, from: number): { value: bigint; end: number } | null {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return null;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value, end: from + i + 1 };
  }
  return null;
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function encode(fields: readonly Field[]): Uint8Array {
  return join(
    ...fields.flatMap(({ number, wire, value }) => {
      const key = varint(BigInt(number * 8 + wire));
      if (typeof value === 'bigint') return [Uint8Array.from([...key, ...varint(value)])];
      const bytes = value instanceof Uint8Array ? value : encode(value);
      return [Uint8Array.from(wire === 2 ? [...key, ...varint(BigInt(bytes.length))] : key), bytes];
    }),
  );
}

/** A field, and those that it lies among. */
interface Place {
  readonly among: Field[];
  readonly at: number;
  readonly field: Field;
}

function placesIn(fields: Field[], found: Place[] = []): Place[] {
  fields.forEach((field, at) => {
    found.push({ among: fields, at, field });
    if (Array.isArray(field.value)) placesIn(field.value, found);
  });
  return found;
}

const COUNTS = [
  ...[
    0n,
    1n,
    2n,
    3n,
    5n,
    16n,
    17n,
    255n,
    65_536n,
    2n ** 24n,
    2n ** 31n - 1n,
    2n ** 31n,
    2n ** 32n,
    2n ** 40n,
  ],
  ...[2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n - 2n],
] as const;

function otherCount(value: bigint, random: Random): bigint {
  if (random.chance(0.4)) return value + BigInt(random.integer(-2, 2));
  return random.pick([...COUNTS] as [bigint, ...bigint[]]);
}

type Mutation = (place: Place, random: Random, all: readonly Place[]) => void;

const MUTATIONS: readonly Mutation[] = [
  // Duplicated, left out, swapped.
  ({ among, at, field }, random) => {
    const times = random.chance(0.05) ? 2000 : random.integer(1, 3);
    among.splice(at, 0, ...new Array<Field>(times).fill(field));
  },
  ({ among, at }) => void among.splice(at, 1),
  ({ among, at, field }, random) => {
    const other = random.integer(0, among.length - 1);
    const there = among[other];
    if (there) [among[at], among[other]] = [there, field];
  },
  // What stands elsewhere under the same number, or under any.
  ({ field }, random, all) => {
    const alike = all.filter(({ field: { number, wire } }) => number === field.number && wire === field.wire);
    const from = random.chance(0.8) ? alike : all.filter(({ field: { wire } }) => wire === field.wire);
    const other = from[random.integer(0, from.length - 1)];
    if (other) field.value = structuredClone(other.field.value);
  },
  ({ field }, random) => {
    field.number = random.chance(0.7)
      ? Math.max(1, field.number + random.integer(-2, 2))
      : random.integer(1, 40);
  },
];

/** Of values: dims, attributes, types, names, numbers. */
function otherValue({ field }: Place, random: Random): void {
  const { value } = field;
  if (typeof value === 'bigint') {
    field.value = otherCount(value, random);
    return;
  }
  const bytes = value instanceof Uint8Array ? value : encode(value);
  const kind = random.integer(0, 6);
  if (kind === 0) field.value = bytes.subarray(0, random.integer(0, bytes.length));
  else if (kind === 1) field.value = join(bytes, new Uint8Array(random.integer(1, 4000)));
  else if (kind === 2)
    field.value = Buffer.from(random.pick(['', 'x', '\n', '\0', '-1', '../..', 'Conv', 'y'.repeat(5000)]));
  else if (kind === 3) field.value = otherCounts(bytes, random);
  else {
    const copy = new Uint8Array(bytes);
    const at = random.integer(0, Math.max(0, copy.length - 1));
    copy[at] = isText(copy) ? random.integer(32, 126) : random.integer(0, 255);
    field.value = copy;
  }
}

/** Packed numbers. */
function otherCounts(bytes: Uint8Array, random: Random): Uint8Array {
  const counts: bigint[] = [];
  for (let at = 0; at < bytes.length; ) {
    const read = readVarint(bytes, at);
    if (!read) break;
    counts.push(read.value);
    at = read.end;
  }
  const at = random.integer(0, Math.max(0, counts.length - 1));
  counts[at] = otherCount(counts[at] ?? 0n, random);
  return Uint8Array.from(counts.flatMap(varint));
}

/** A message that is whole as such, with some of its fields otherwise; null if the bytes are none. */
export function mutateProtobuf(bytes: Uint8Array, random: Random): Uint8Array | null {
  const fields = parse(bytes);
  if (!fields) return null;
  for (let i = random.pick([1, 1, 2, 4]); i > 0; i--) {
    const all = placesIn(fields);
    const place = all[random.integer(0, all.length - 1)];
    if (!place) break;
    if (random.chance(0.5)) otherValue(place, random);
    else MUTATIONS[random.integer(0, MUTATIONS.length - 1)]?.(place, random, all);
  }
  return encode(fields);
}
