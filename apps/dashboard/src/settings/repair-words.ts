import { grouped, plural } from '#src/format/numbers.ts';

/** By what the layers behind a cut are repaired: "by 2,000 images", or "not". */
export function repairWords(images: number | null): string {
  return images ? `by ${grouped(images)} images` : 'not';
}

interface Repair {
  readonly images: number;
  readonly lambda: number;
  readonly seed: number;
  readonly layers: readonly unknown[];
}

/** How it was done: "19 layers, by 2,000 training images (lambda 0.001, seed 0)". */
export function repairedWords({ images, lambda, seed, layers }: Repair): string {
  return `${plural(layers.length, 'layer')}, by ${grouped(images)} training images (lambda ${lambda}, seed ${seed})`;
}
