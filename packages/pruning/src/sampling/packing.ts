/** One bit an image, the first image in the lowest bit of the first byte; base64 for files. */
export function packBits(flags: ArrayLike<number>): string {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  for (let i = 0; i < flags.length; i++) if (flags[i]) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  return Buffer.from(bytes).toString('base64');
}

/** The first `n` flags, 0 or 1 each. Throws where the text holds fewer. */
export function unpackBits(text: string, n: number): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length * 8 < n) throw new Error(`a bitmap of ${bytes.length} bytes does not hold ${n} images`);
  return Uint8Array.from({ length: n }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
}

/** Images that were right before and are wrong after, and the other way round. */
export function countFlips(before: Uint8Array, after: Uint8Array): { lost: number; gained: number } {
  let [lost, gained] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    if (before[i] && !after[i]) lost++;
    else if (!before[i] && after[i]) gained++;
  }
  return { lost, gained };
}

/** Little-endian float32, base64. */
export function packFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** The first `n` values. Throws where the text holds fewer. */
export function unpackFloats(text: string, n: number): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < n * 4) throw new Error(`${bytes.length} bytes do not hold ${n} values`);
  return new Float32Array(Uint8Array.from(bytes.subarray(0, n * 4)).buffer);
}
