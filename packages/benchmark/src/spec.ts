import { parseRecipe, type Recipe } from '@espalier/engines';
import { InputError, readBy } from '@espalier/errors';
import {
  type AskedTarget,
  findAllocation,
  findCriterion,
  parseGrid,
  parseTarget,
  repairImages,
  SAMPLING_BLOCK,
  USUAL_SAMPLES,
} from '@espalier/pruning';
import { z } from 'zod';

/** What decides which units go: a criterion ranks them, an allocation says how many. */
export interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
}

/** Strategies under equal conditions: each with each target and, where chance plays a part, each seed. */
export interface Section {
  readonly title: string;
  /** The first one is what the others are compared with. */
  readonly strategies: readonly Strategy[];
  readonly targets: readonly AskedTarget[];
  readonly seeds: readonly number[];
  /** Images of the search split. */
  readonly samples: number;
  /**
   * Whether the samples of the seeds are disjoint: the second seed uses the second `samples` images of the sample's
   * order, and so on. Otherwise all use the first.
   */
  readonly disjointSamples: boolean;
  /** null: as cut. */
  readonly recipe: Recipe | null;
  /** Training images that BatchNorm is recalibrated on; null for none. */
  readonly recalibrate: number | null;
  /** Training images by which the layers behind a cut are repaired, before anything is trained; 0 for none. */
  readonly repair: number;
  /** Kept widths are multiples of this; `auto`: of what engines run well; 1: as they fall. */
  readonly align: number | 'auto';
  /**
   * Name of the device on which times are those of its targets of latency; null if none is named. A platform uses
   * the newest profile of each model on it; the command by the model's profile, which is to be that device's.
   */
  readonly device: string | null;
}

export interface BenchmarkModel {
  readonly name: string;
  /** An ONNX file. */
  readonly file: string;
  /** A file: the device profile by which targets of latency go. */
  readonly profile?: string | undefined;
}

/** Models x strategies x targets x seeds. */
export interface Benchmark {
  readonly name: string;
  /** A name that every machine knows, a folder, or a packed file. */
  readonly dataset: string;
  readonly models: readonly BenchmarkModel[];
  /** Ratios that are sampled. */
  readonly grid: readonly number[];
  readonly sections: readonly Section[];
}

/** How many images a data set has to choose from. */
export interface SplitImages {
  readonly search: number;
  readonly train: number;
}

const UNKNOWN: SplitImages = { search: Number.POSITIVE_INFINITY, train: Number.POSITIVE_INFINITY };

/** Years of computing; counted before they are built. */
const MOST_RUNS = 100_000;

const sectionSchema = z.strictObject({
  title: z.string().trim().min(1),
  /** "cie:l1" */
  strategies: z.array(z.string()).min(1),
  /** "macs=0.5" */
  targets: z.array(z.string()).min(1),
  seeds: z.array(z.int().nonnegative()).min(1).default([0]),
  /** Where it is left out: 1,000, or what there is. */
  samples: z.int().positive().optional(),
  disjointSamples: z.boolean().default(false),
  /** A recipe, see `parseRecipe`; what it leaves out has its default. */
  recipe: z.unknown().optional(),
  recalibrate: z.int().positive().nullable().default(null),
  /** Where it is left out: 2,000, or what there is; none where BatchNorm is recalibrated. 0 for none. */
  repair: z.int().nonnegative().nullable().default(null),
  /** As that of a plan's limits. */
  align: z.union([z.int().positive(), z.literal('auto')]).default('auto'),
  device: z.string().trim().min(1).nullable().default(null),
});

const benchmarkSchema = z.strictObject({
  name: z.string().trim().min(1),
  dataset: z.string().trim().min(1),
  models: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1),
        file: z.string().trim().min(1),
        profile: z.string().trim().min(1).optional(),
      }),
    )
    .min(1),
  grid: z.string().default('0.1:0.9:0.1'),
  sections: z.array(sectionSchema).min(1),
});

/**
 * A benchmark from what its file holds, everything in it checked before anything is computed.
 *
 * @param images of the data set's splits, where they are known: none takes more of them unasked
 * @throws {InputError} that names what is wrong, and where
 */
export function parseBenchmark(
  value: unknown,
  where = 'benchmark',
  images: SplitImages = UNKNOWN,
): Benchmark {
  const { grid, sections, ...rest } = readBy(benchmarkSchema, value, where);
  distinct(
    rest.models.map(({ name }) => name),
    `${where}: models`,
  );
  distinct(
    sections.map(({ title }) => title),
    `${where}: sections`,
  );
  const runs = sections.reduce((sum, { strategies, targets, seeds }) => {
    return sum + rest.models.length * strategies.length * targets.length * seeds.length;
  }, 0);
  if (runs > MOST_RUNS) throw new InputError(`${where}: at most ${MOST_RUNS} runs, these are ${runs}`);
  return {
    ...rest,
    grid: within(`${where}: grid`, () => parseGrid(grid)),
    sections: sections.map((section) =>
      parseSection(section, `${where}: section "${section.title}"`, images),
    ),
  };
}

function parseSection(section: z.infer<typeof sectionSchema>, where: string, images: SplitImages): Section {
  const { strategies, targets, seeds, recipe, ...rest } = section;
  distinct(strategies, where);
  distinct(targets, where);
  distinct(seeds.map(String), `${where}: seeds`);
  const parts = rest.disjointSamples ? seeds.length : 1;
  const usual = Math.min(USUAL_SAMPLES, Math.floor(images.search / parts));
  const block = rest.disjointSamples ? SAMPLING_BLOCK : 1;
  const samples = rest.samples ?? Math.max(block, usual - (usual % block));
  if (samples % block !== 0) {
    throw new InputError(`${where}: disjoint samples need a multiple of ${block} images, not ${samples}`);
  }
  const repair = repairImages(rest, images.train);
  if (repair === 1) {
    throw new InputError(`${where}: a repair holds out some of its images: give two or more, or 0`);
  }
  if (repair > 0 && rest.recalibrate !== null) {
    throw new InputError(`${where}: give either repair or recalibrate`);
  }
  return {
    ...rest,
    repair,
    samples,
    strategies: strategies.map((text) => within(where, () => parseStrategy(text))),
    targets: targets.map((text) => within(where, () => parseTarget(text))),
    seeds,
    recipe: recipe === undefined || recipe === null ? null : parseRecipe(recipe, `${where}: recipe`),
  };
}

/** "cie:l1", or "cie" for the criterion l1. */
function parseStrategy(text: string): Strategy {
  const [, allocation = '', criterion = 'l1'] = /^(manual\(.*\)|[^:]+)(?::(.+))?$/.exec(text.trim()) ?? [];
  if (allocation === '') throw new InputError(`"${text}" is not a strategy; give it as cie:l1`);
  findCriterion(criterion);
  return { allocation: findAllocation(allocation).name, criterion };
}

/** "cie:l1" */
export function strategyName({ allocation, criterion }: Strategy): string {
  return `${allocation}:${criterion}`;
}

function distinct(names: readonly string[], where: string): void {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new InputError(`${where}: "${twice}" is there twice`);
}

/** Says where the trouble is. */
function within<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${where}: ${error.message}`);
    throw error;
  }
}
