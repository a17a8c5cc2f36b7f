import { packFlags, unpackFlags } from '@espalier/engines';
import { z } from 'zod';
import type { CellScores } from './cell.ts';

/** A cell as text: bitmaps (one bit an image, the first in the lowest bit) and float32 losses, base64. */
export const packedCellSchema = z.object({ hit1: z.base64(), hit5: z.base64().nullable(), loss: z.base64() });

export type PackedCell = z.infer<typeof packedCellSchema>;

export function packCell({ hit1, hit5, loss }: CellScores): PackedCell {
  return { hit1: packBits(hit1), hit5: hit5 && packBits(hit5), loss: packFloats(loss) };
}

/** Throws where the text holds fewer than `n` images. */
export function unpackCell({ hit1, hit5, loss }: PackedCell, n: number): CellScores {
  return {
    hit1: unpackBits(hit1, n),
    hit5: hit5 === null ? null : unpackBits(hit5, n),
    loss: unpackFloats(loss, n),
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
