import { createHash } from 'node:crypto';
import { readBy } from '@espalier/errors';
import { z } from 'zod';
import { isRecipeName, RECIPES, recipeNames } from './recipes.ts';

// Bounds are far beyond what anybody trains with: larger numbers are slips, or keep a machine busy for years.
const MOST_DECAY = 100;

const sgd = z.strictObject({
  kind: z.literal('sgd'),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(true),
  /** l2 penalty on the weights of convolutions and dense layers. */
  weightDecay: z.number().min(0).max(MOST_DECAY).default(5e-4),
});

const adam = z.strictObject({
  kind: z.literal('adam'),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().max(1).default(1e-8),
  /** Decoupled from the gradient (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019). */
  weightDecay: z.number().min(0).max(MOST_DECAY).default(0),
});

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Multiplies by `factor` at each of these shares of all steps. */
  z.strictObject({
    kind: z.literal('step'),
    at: z.array(z.number().gt(0).lt(1)).max(100).default([0.5, 0.75]),
    factor: z.number().positive().lt(1).default(0.1),
  }),
  /** Half a cosine down to `final` times the rate. */
  z.strictObject({ kind: z.literal('cosine'), final: z.number().min(0).max(1).default(0) }),
  /** Up from `initial` times the rate until `peak` of all steps, then down to `final` times (Smith, 2018). */
  z.strictObject({
    kind: z.literal('one-cycle'),
    peak: z.number().gt(0).lt(1).default(0.3),
    initial: z.number().positive().max(1).default(0.04),
    final: z.number().min(0).max(1).default(0.0004),
  }),
]);

const fields = z.strictObject({
  epochs: z.number().positive().max(10_000).default(10),
  /** Steps instead of epochs. */
  steps: z.int().positive().max(100_000_000).optional(),
  batch: z.int().positive().max(65_536).default(128),
  /** That of the recipe `standard`: 0.05 undoes a repair that a short training cannot win back. */
  learningRate: z.number().positive().max(1000).default(0.03),
  /** Share of all steps in which the rate rises from 0 to what the schedule says. */
  warmup: z.number().min(0).lt(1).default(0.05),
  schedule: schedule.default({ kind: 'cosine', final: 0 }),
  optimiser: z
    .discriminatedUnion('kind', [sgd, adam])
    .default({ kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 }),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  augmentation: z
    .strictObject({
      /** Pixels of padding out of which the image's size is cropped at random. */
      crop: z.int().min(0).max(1024).default(4),
      /** Mirrored left to right, every second image. */
      flip: z.boolean().default(true),
    })
    .default({ crop: 4, flip: true }),
  /** Largest l2 norm of all gradients together; they are scaled down to it. */
  clipNorm: z.number().positive().optional(),
  /** Decay of an exponential moving average of the weights; the averaged network is the result. */
  averaging: z.number().gt(0).lt(1).optional(),
  /** Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015. */
  distillation: z
    .strictObject({
      temperature: z.number().positive().max(1000).default(4),
      /** Share of the teacher's part in the loss. */
      weight: z.number().gt(0).max(1).default(0.5),
    })
    .optional(),
  /** Training images that BatchNorm's statistics are measured on at the end, instead of the running ones. */
  recalibration: z.int().positive().max(1_000_000).optional(),
});

/**
 * How a network is trained, as plain data: what a recipe's file holds, and what is stored with a result. It can be
 * given by a name out of {@link RECIPES}, alone or with fields that stand over that recipe's: `{ name: 'quick', epochs: 3 }`.
 * What comes out has values alone, so that a name never decides a hash.
 */
export const recipeSchema = z.preprocess(byValues, fields);

export type Recipe = z.infer<typeof fields>;
export type Optimiser = Recipe['optimiser'];

function byValues(given: unknown, context: z.RefinementCtx): unknown {
  const isObject = typeof given === 'object' && given !== null && 'name' in given;
  if (typeof given !== 'string' && !isObject) return given;
  const { name, ...own } = isObject ? given : { name: given };
  if (isRecipeName(name)) return { ...RECIPES[name].recipe, ...own };
  const message = `give ${recipeNames.slice(0, -1).join(', ')} or ${recipeNames.at(-1)}, or the fields of a recipe`;
  context.addIssue({ code: 'custom', message, input: name, path: isObject ? ['name'] : [] });
  return z.NEVER;
}

/**
 * A recipe with its name resolved and its defaults filled in.
 *
 * @throws {InputError} that names every field that is wrong.
 */
export function parseRecipe(value: unknown, where = 'recipe', field = where): Recipe {
  return readBy(recipeSchema, value, where, field);
}

/** sha256, hex, of the recipe's canonical JSON: equal hashes mean equal training, seed and data apart. */
export function recipeHash(recipe: Recipe): string {
  return canonicalHash(recipe);
}

/** sha256, hex, of plain data as JSON with its keys in order: what is undefined is as if it was not there. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
  );
}
