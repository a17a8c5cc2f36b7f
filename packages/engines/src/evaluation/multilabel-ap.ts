import type { ImageMetric } from './image-metric.ts';

interface Kept {
  /** Of each class, float32, base64. */
  readonly scores: string;
  /** Indices of the classes that the image shows. */
  readonly shows: readonly number[];
}

/**
 * Mean average precision of a classifier that tells several classes of an image: of each class the images are put in
 * the order of its scores, and its average precision is the sum of precision times what recall rises by, step by step;
 * equal scores are one step. The mean is over the classes that some image shows.
 */
export const multilabelAp: ImageMetric = {
  ...{ name: 'multilabel-ap', label: 'mean average precision', direction: 'higher', unit: 'share' },
  ...{ range: [0, 1], needsLabels: true, by: 'images', unchanged: null, form: 'several' },
  description: 'mean over the classes of their average precision, for images with several classes',
  start: () => ({
    add(outputs, _name, label): Kept {
      const [scores] = Object.values(outputs);
      if (!scores || !Array.isArray(label))
        throw new Error('it needs one output, and several classes of each image');
      if (!scores.data.every(Number.isFinite))
        throw new Error('the network computes values that are not finite');
      const { buffer, byteOffset, byteLength } = scores.data;
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      return { scores: bytes.toString('base64'), shows: label as readonly number[] };
    },
    result(images) {
      const all = (images as readonly Kept[]).map(({ scores, shows }) => ({ scores: floats(scores), shows }));
      const classes = all[0]?.scores.length ?? 0;
      const found = Array.from({ length: classes }, (_, index) =>
        averagePrecision(
          all.map(({ scores, shows }) => [scores[index] ?? 0, shows.includes(index)] as const),
        ),
      ).filter((value) => value !== null);
      if (found.length === 0) throw new Error('no image shows any class');
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    },
  }),
};

function floats(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

/** @returns null if none is right */
export function averagePrecision(
  scored: readonly (readonly [score: number, isRight: boolean])[],
): number | null {
  const ordered = [...scored].sort(([a], [b]) => b - a);
  const all = ordered.filter(([, isRight]) => isRight).length;
  if (all === 0) return null;
  let [sum, right, before] = [0, 0, 0];
  ordered.forEach(([score, isRight], i) => {
    right += isRight ? 1 : 0;
    if (ordered[i + 1]?.[0] === score) return;
    sum += ((right - before) / all) * (right / (i + 1));
    before = right;
  });
  return sum;
}
