/** Flags packed eight an octet, the first one in the lowest bit; bits behind the last flag are 0. */
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
