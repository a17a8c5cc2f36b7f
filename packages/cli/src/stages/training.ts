import { access } from 'node:fs/promises';
import { isRecipeName, parseRecipe, type Recipe, restoreBatchNorm, trainingImages } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { foldBatchNorm, type Network } from '@espalier/network';
import type { Bench } from '@espalier/pipeline';
import type { RecipeFlags } from '../options.ts';
import { readJson } from './json-file.ts';

/** From scratch: a higher rate and longer than what brings a trained network back. */
export const SCRATCH = {
  epochs: 30,
  learningRate: 0.1,
  warmup: 0,
  schedule: { kind: 'one-cycle' },
  labelSmoothing: 0.05,
} as const;

/**
 * Flags over the recipe of that name, or in that file, over `defaults` over the recipe's own defaults.
 *
 * @param field of the plan that it is for
 */
export async function readRecipe(
  flags: RecipeFlags,
  field: 'recipe' | 'recovery' = 'recipe',
  defaults: object = {},
): Promise<Recipe> {
  const { recipe: from, epochs, steps, batch, lr } = flags;
  const own = from === undefined ? {} : await namedOrRead(from, field);
  const given = { epochs, steps, batch, learningRate: lr };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return parseRecipe({ ...defaults, ...own, ...set }, from === undefined ? field : `recipe ${from}`, field);
}

/** A word without a file of that name is meant as a name: then the answer is what names there are. */
async function namedOrRead(from: string, field: string): Promise<object> {
  if (isRecipeName(from)) return { name: from };
  const isWord = /^[\w-]+$/.test(from);
  if (
    isWord &&
    !(await access(from).then(
      () => true,
      () => false,
    ))
  )
    parseRecipe(from, '', field);
  const own = await readJson(from, `recipe ${from}`);
  if (typeof own !== 'object' || own === null || Array.isArray(own)) {
    throw new InputError(`recipe ${from} must hold one JSON object`, field);
  }
  return own;
}

/** Training images that BatchNorm's statistics are measured on when it is put back. */
const UNFOLDING_IMAGES = 2000;

/** Puts BatchNorm back for the time of the training, and folds it again afterwards. */
export async function withBatchNormRestored<T extends { readonly network: Network }>(
  bench: Bench,
  seed: number,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const images = trainingImages(bench.network, bench.dataset, { images: UNFOLDING_IMAGES, seed });
  const network = await restoreBatchNorm(bench.network, bench.engine, images);
  const before = new Set(bench.network.nodes.map(({ name }) => name));
  const added = network.nodes.filter(({ name }) => !before.has(name)).map(({ name }) => name);
  const result = await work({ ...bench, network });
  return { ...result, network: foldBatchNorm(result.network, new Set(added)) };
}
