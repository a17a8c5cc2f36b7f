import { InputError } from '@espalier/errors';
import { type FloatTensor, type NetworkMetadata, sizeOf } from '@espalier/network';

/** What a network returns: class scores before or after a softmax. */
export type OutputKind = NetworkMetadata['output'];

/** One entry an image. */
export interface Scores {
  /** 1 where the image is classified right. */
  readonly hit1: Uint8Array;
  /** 1 where the right class is among the five best; null below 6 classes. */
  readonly hit5: Uint8Array | null;
  /** Cross-entropy in nats. Not finite where the output is not. */
  readonly loss: Float32Array;
}

/** With fewer classes almost every image would be a hit. */
export const FEWEST_CLASSES_FOR_TOP5 = 6;

/** The smallest float32 above 0: a probability that was rounded to 0 costs this much, about 103 nats. */
const SMALLEST_PROBABILITY = 2 ** -149;

/**
 * Scores a batch. Among equal outputs the lower class index wins. An image with a NaN among its outputs is
 * a miss with the loss NaN.
 *
 * @param output [n, classes], or with further axes of extent 1; [n, 1] is the score of the second of two classes: it is
 * told where its probability is above 0.5, where its logit is above 0
 * @param labels n class indices, in the order of the output
 * @throws {InputError} if output and labels do not fit each other
 */
export function score(output: FloatTensor, labels: ArrayLike<number>, kind: OutputKind): Scores {
  const [n = 0, ...rest] = output.dims;
  const classes = sizeOf(rest);
  if (n !== labels.length || classes !== rest[0]) {
    throw new InputError(`an output of shape [${output.dims}] does not classify ${labels.length} images`);
  }
  const hit1 = new Uint8Array(n);
  const hit5 = classes >= FEWEST_CLASSES_FOR_TOP5 ? new Uint8Array(n) : null;
  const loss = new Float32Array(n);
  const lossOf = kind === 'logits' ? lossOfLogits : lossOfProbabilities;
  for (let image = 0; image < n; image++) {
    const row = scoresOf(output.data.subarray(image * classes, (image + 1) * classes), kind);
    const label = labels[image] ?? -1;
    if (!(label >= 0 && label < row.length)) {
      throw new InputError(`label ${label} is not one of the network's ${row.length} classes`);
    }
    const ahead = classesAhead(row, label);
    hit1[image] = ahead < 1 ? 1 : 0;
    if (hit5) hit5[image] = ahead < 5 ? 1 : 0;
    loss[image] = lossOf(row, label);
  }
  return { hit1, hit5, loss };
}

/** A single score stands for two. */
function scoresOf(row: Float32Array, kind: OutputKind): Float32Array {
  const [score = Number.NaN] = row;
  if (row.length !== 1) return row;
  return Float32Array.of(kind === 'logits' ? 0 : 1 - score, score);
}

/** How many classes are ranked before the right one; all of them if any output is NaN. */
function classesAhead(row: Float32Array, label: number): number {
  const right = row[label] ?? Number.NaN;
  let ahead = 0;
  for (let i = 0; i < row.length; i++) {
    const other = row[i] ?? Number.NaN;
    if (Number.isNaN(other)) return row.length;
    if (other > right || (other === right && i < label)) ahead++;
  }
  return ahead;
}

/** log(sum of exp(x)) - x[label], shifted by the largest output so that nothing overflows. */
function lossOfLogits(row: Float32Array, label: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of row) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - largest);
  return largest - (row[label] ?? Number.NaN) + Math.log(sum);
}

function lossOfProbabilities(row: Float32Array, label: number): number {
  for (const value of row) if (Number.isNaN(value)) return Number.NaN;
  return -Math.log(Math.max(row[label] ?? Number.NaN, SMALLEST_PROBABILITY));
}
