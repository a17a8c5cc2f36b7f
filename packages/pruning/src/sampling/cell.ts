import type { Scores } from '@espalier/engines';

/** What one network (the unpruned one, or one with some units removed) does to a row of images, in sample order. */
export type CellScores = Scores;

export function joinScores(parts: readonly CellScores[]): CellScores {
  const n = parts.reduce((sum, { hit1 }) => sum + hit1.length, 0);
  const joined = { hit1: new Uint8Array(n), hit5: new Uint8Array(n), loss: new Float32Array(n) };
  let at = 0;
  for (const { hit1, hit5, loss } of parts) {
    joined.hit1.set(hit1, at);
    joined.loss.set(loss, at);
    if (hit5) joined.hit5.set(hit5, at);
    at += hit1.length;
  }
  return parts.every(({ hit5 }) => hit5) ? joined : { ...joined, hit5: null };
}

/** The scores of the images [0, to). */
export function firstScores({ hit1, hit5, loss }: CellScores, to: number): CellScores {
  return { hit1: hit1.subarray(0, to), hit5: hit5?.subarray(0, to) ?? null, loss: loss.subarray(0, to) };
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
