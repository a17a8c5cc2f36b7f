import { type Recipe, recipeHash } from '@espalier/engines';
import {
  type AskedTarget,
  dependsOnSeed,
  findAllocation,
  roundsOf,
  samplingSeed,
  targetText,
} from '@espalier/pruning';
import { type Benchmark, type Section, type Strategy, strategyName } from './spec.ts';

/** A sweep that runs use, of one model. */
export interface SamplingItem {
  readonly criterion: string;
  readonly samples: number;
  readonly skip: number;
  /** Draws the images, and the units of the criterion random. */
  readonly seed: number;
}

/** One pruned network that a benchmark wants, whatever sections ask for it. */
export interface RunItem {
  /** Name of the benchmark's model. */
  readonly model: string;
  readonly strategy: Strategy;
  readonly target: AskedTarget;
  /** Draws what there is to draw: random units, random ratios, the order of training images. */
  readonly seed: number;
  /** By which it goes, or which it makes itself in each round; null for an allocation that needs no samples. */
  readonly sampling: SamplingItem | null;
  readonly recipe: Recipe | null;
  readonly recalibrate: number | null;
  readonly repair: number;
  /** Of the widths that groups keep. */
  readonly align: number | 'auto';
}

/** Everything a benchmark wants computed, each thing once, in the order of its sections. */
export function itemsOf({ models, sections }: Benchmark): RunItem[] {
  const items = new Map<string, RunItem>();
  for (const section of sections) {
    for (const { name } of models) {
      for (const strategy of section.strategies) {
        for (const target of section.targets) {
          for (const item of replicates(section, name, strategy, target)) items.set(itemName(item), item);
        }
      }
    }
  }
  return [...items.values()];
}

/** One item a seed; the same one for all seeds where chance plays no part. */
export function replicates(
  section: Section,
  model: string,
  strategy: Strategy,
  target: AskedTarget,
): RunItem[] {
  return section.seeds.map((seed, place) => itemFor(section, { model, strategy, target, seed, place }));
}

function itemFor(
  { seeds, samples, disjointSamples, recipe, recalibrate, repair, align }: Section,
  {
    place,
    seed,
    ...what
  }: Pick<RunItem, 'model' | 'strategy' | 'target' | 'seed'> & { readonly place: number },
): RunItem {
  const { allocation, criterion } = what.strategy;
  const found = findAllocation(allocation);
  const rounds = roundsOf(found) ?? null;
  const draws = dependsOnSeed({
    ...{ allocation, criterion, rounds, trained: recipe !== null, recalibrate, samples },
    repaired: repair > 0,
  });
  const skip = disjointSamples ? place * samples : 0;
  return {
    ...what,
    seed: draws ? seed : (seeds[0] ?? 0),
    sampling:
      found.sampling === 'none' ? null : { criterion, samples, skip, seed: samplingSeed(criterion, seed, 0) },
    recipe,
    recalibrate,
    repair,
    align,
  };
}

/** Tells items of one benchmark apart, and people what an item is. */
export function itemName(item: RunItem): string {
  const { model, strategy, target, seed, sampling, recipe, recalibrate, repair, align } = item;
  return [
    model,
    strategyName(strategy),
    targetText(target),
    `seed ${seed}`,
    sampling ? `images ${sampling.skip} to ${sampling.skip + sampling.samples - 1}` : '',
    sampling && sampling.seed !== 0 ? `of seed ${sampling.seed}` : '',
    recipe ? `recipe ${recipeHash(recipe).slice(0, 8)}` : '',
    recalibrate === null ? '' : `recalibrated on ${recalibrate}`,
    repair === 0 ? '' : `repaired by ${repair}`,
    align === 'auto' ? '' : align === 1 ? 'any widths' : `widths of ${align}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
