import { createHash } from 'node:crypto';
import type { Random } from '../../../packages/network/test/random.ts';
import { join, mutateBytes } from './mutate-bytes.ts';

const START = 44;

/** A packed data set whose header or pixels are others, with checksums that fit. */
export function mutatePacked(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const file = Buffer.from(bytes);
  const length = file.readUInt32LE(8);
  const [header, pixels] = [file.subarray(START, START + length), file.subarray(START + length, -32)];
  const other = random.chance(0.7) ? otherHeader(header, random) : header;
  const otherPixels = random.chance(0.4) ? mutateBytes(pixels, random, others) : pixels;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(other.length);
  return join(file.subarray(0, 8), size, sha256(other), other, otherPixels, sha256(otherPixels));
}

function otherHeader(header: Buffer, random: Random): Buffer {
  // Bytes that need not be JSON any more.
  if (random.chance(0.2)) return Buffer.from(mutateBytes(header, random, [header]));
  const json: unknown = JSON.parse(header.toString());
  for (let i = random.integer(1, 2); i > 0; i--) changeSomething(json, random);
  return Buffer.from(JSON.stringify(json));
}

const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    -1,
    0,
    1,
    2,
    3,
    0.5,
    255,
    65_535,
    65_536,
    2 ** 31,
    2 ** 53,
    1e300,
    '',
    'x',
    'a\nb',
    '\u0000',
  ],
  ...[
    'AAAA',
    'AAAB',
    '/////w==',
    'x'.repeat(300),
    [],
    {},
    [0],
    [[]],
    ['a', 'a'],
    '__proto__',
    { __proto__: 1 },
  ],
];

function changeSomething(json: unknown, random: Random): void {
  let holder = json as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(holder);
    const key = keys[random.integer(0, keys.length - 1)];
    if (key === undefined) return;
    const inner = holder[key];
    if (typeof inner === 'object' && inner !== null && random.chance(0.75)) {
      holder = inner as Record<string, unknown>;
      continue;
    }
    const kind = random.integer(0, 9);
    if (kind === 0) delete holder[key];
    else if (kind === 1) holder[`${key}x`] = inner;
    else if (kind === 2 && Array.isArray(holder))
      holder.push(...new Array(random.integer(1, 70_000)).fill(inner));
    else if (typeof inner === 'number' && kind < 6) holder[key] = inner + random.integer(-2, 2);
    else holder[key] = structuredClone(VALUES[random.integer(0, VALUES.length - 1)]);
    return;
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
