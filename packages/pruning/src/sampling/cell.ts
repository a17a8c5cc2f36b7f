import { type Deviations, joinDeviations, type Scores } from '@espalier/engines';

/**
 * What one network (the unpruned one, or one with some units removed) does to a row of images, in sample order: how
 * it scores by their labels, how far its outputs are from those of the unpruned network, or what a metric makes of them.
 */
export type CellScores = Scores | Deviations | Kept;

/** What a metric of all images together made of each. Plain data. */
export interface Kept {
  readonly kept: readonly unknown[];
}

export function isScored(cell: CellScores): cell is Scores {
  return 'hit1' in cell;
}

export function isKept(cell: CellScores): cell is Kept {
  return 'kept' in cell;
}

/** How many images. */
export function imagesOf(cell: CellScores): number {
  if (isKept(cell)) return cell.kept.length;
  return isScored(cell) ? cell.hit1.length : (cell.outputs[0]?.error.length ?? 0);
}

/** All of one kind, and of one network's outputs. */
export function joinCells(parts: readonly CellScores[]): CellScores {
  const scored = parts.filter(isScored);
  if (scored.length === parts.length) return joinScores(scored);
  const kept = parts.filter(isKept);
  if (kept.length === parts.length) return { kept: kept.flatMap((part) => part.kept) };
  const deviating = parts.flatMap((part) => ('outputs' in part ? [part] : []));
  if (deviating.length < parts.length)
    throw new Error('cells that were measured by other things do not join');
  return joinDeviations(deviating);
}

export function joinScores(parts: readonly Scores[]): Scores {
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

/** Of the images [0, to). */
export function firstOf(cell: CellScores, to: number): CellScores {
  if (isScored(cell)) return firstScores(cell, to);
  if (isKept(cell)) return { kept: cell.kept.slice(0, to) };
  return {
    outputs: cell.outputs.map(({ error, agree, kl, cosine }) => ({
      error: error.subarray(0, to),
      agree: agree?.subarray(0, to) ?? null,
      kl: kl?.subarray(0, to) ?? null,
      cosine: cosine?.subarray(0, to) ?? null,
    })),
  };
}

/** The scores of the images [0, to). */
export function firstScores({ hit1, hit5, loss }: Scores, to: number): Scores {
  return { hit1: hit1.subarray(0, to), hit5: hit5?.subarray(0, to) ?? null, loss: loss.subarray(0, to) };
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
