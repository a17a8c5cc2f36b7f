import { packFlags, unpackFlags } from '@espalier/engines';
import { z } from 'zod';
import { type CellScores, isKept, isScored } from './cell.ts';

/** By labels: bitmaps (one bit an image, the first in the lowest bit) and float32 losses, base64. */
const scored = z.object({ hit1: z.base64(), hit5: z.base64().nullable(), loss: z.base64() });

/** By outputs: of each the float32 mean squared differences, a bitmap, float32 divergences and cosines, base64. */
const compared = z.object({
  outputs: z
    .array(
      z.object({
        ...{ error: z.base64(), agree: z.base64().nullable(), kl: z.base64().nullable() },
        /** Shares of before there were cosines have none. */
        cosine: z.base64().nullable().default(null),
      }),
    )
    .min(1),
});

/** By what a metric made of each image: as it is. */
const kept = z.object({ kept: z.array(z.json()) });

/** A cell as text. */
export const packedCellSchema = z.union([scored, compared, kept]);

/** The same with its number of images. */
export const storedCellSchema = packedCellSchema.and(z.object({ n: z.int().positive() }));

export type PackedCell = z.infer<typeof packedCellSchema>;

export function packCell(cell: CellScores): PackedCell {
  if (isScored(cell)) {
    const { hit1, hit5, loss } = cell;
    return { hit1: packBits(hit1), hit5: hit5 && packBits(hit5), loss: packFloats(loss) };
  }
  // What was kept went through JSON before.
  if (isKept(cell)) return { kept: cell.kept as z.infer<typeof kept>['kept'] };
  return {
    outputs: cell.outputs.map(({ error, agree, kl, cosine }) => ({
      error: packFloats(error),
      agree: agree && packBits(agree),
      kl: kl && packFloats(kl),
      cosine: cosine && packFloats(cosine),
    })),
  };
}

/** Throws where the text holds fewer than `n` images. */
export function unpackCell(cell: PackedCell, n: number): CellScores {
  const bits = (text: string | null) => (text === null ? null : unpackBits(text, n));
  const floats = (text: string | null) => (text === null ? null : unpackFloats(text, n));
  if ('hit1' in cell) {
    return { hit1: unpackBits(cell.hit1, n), hit5: bits(cell.hit5), loss: unpackFloats(cell.loss, n) };
  }
  if ('kept' in cell) {
    if (cell.kept.length < n) throw new Error(`${cell.kept.length} images are not ${n}`);
    return { kept: cell.kept.slice(0, n) };
  }
  return {
    outputs: cell.outputs.map(({ error, agree, kl, cosine }) => ({
      error: unpackFloats(error, n),
      agree: bits(agree),
      kl: floats(kl),
      cosine: floats(cosine),
    })),
  };
}

export function packBits(flags: ArrayLike<number>): string {
  return Buffer.from(packFlags(flags)).toString('base64');
}

function unpackBits(text: string, n: number): Uint8Array {
  return unpackFlags(Buffer.from(text, 'base64'), n);
}

function packFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function unpackFloats(text: string, n: number): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < n * 4) throw new Error(`${bytes.length} bytes do not hold ${n} values`);
  return new Float32Array(Uint8Array.from(bytes.subarray(0, n * 4)).buffer);
}
