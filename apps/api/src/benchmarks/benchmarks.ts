import { itemsOf, parseBenchmark, type Benchmark as Spec, type SplitImages } from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import { DEFAULT_GRID } from '@espalier/pruning';
import { type RunSpec, startRuns, withContext } from '@espalier/runs';
import { type Benchmark, newId, type Prisma } from '@espalier/store';
import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { authorOf } from '../access/author.ts';
import { ownItems } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import { imagesOf } from '../experiments/conditions.ts';
import { checkedExperiment, type ExperimentData, insertExperiment } from '../experiments/experiments.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { bytesOf, checkStorage } from '../quotas/quotas.ts';
import { checkedName } from '../validation.ts';
import { type BenchmarkListArgs, benchmarkSorting } from './benchmark-filter.ts';
import { benchmarkSource } from './benchmark-source.ts';
import { profileOfSection, profilesFor } from './section-device.ts';

@InputType('StartBenchmarkInput')
export class BenchmarkInput {
  @Field(() => String)
  name!: string;

  @Field(() => ID)
  datasetId!: string;

  @Field(() => [ID])
  modelIds!: string[];

  @Field(() => String, { defaultValue: DEFAULT_GRID, description: 'first:last:step, or a list.' })
  grid!: string;

  @Field(() => GraphQLJSON, {
    description:
      'As in the file of `espalier benchmark`: a list of { title, strategies: ["cie:l1"], targets: ["macs=0.5"], seeds, samples, recipe, repair, recalibrate, align, device }. Latency targets ("latency=0.5", "latency=2.5ms") use the newest profile of each model on the device that its section names. Where `repair` is left out, 2,000 training images repair what was cut; 0 for none. Where `align` is left out, widths are as engines run them well; 1: as they fall.',
  })
  sections!: unknown;

  @Field(() => Int, { defaultValue: 0, description: '-100..100, among the runs of the team.' })
  priority!: number;
}

const MOST_RUNS = 1000;
/** Hundreds of runs with their events and jobs. */
const LONG = { timeout: 120_000 } as const;

export function listBenchmarks(
  { viewer, database }: Context,
  args: BenchmarkListArgs,
): Promise<Connection<Benchmark>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(
    database.pool,
    args,
    benchmarkSource(self, args.filter ?? {}),
    benchmarkSorting(args.order),
  );
}

/**
 * Starts a benchmark: an experiment for each section and model, with all of its runs. All of it or nothing.
 *
 * @throws {FieldError} that names what is wrong
 */
export async function startBenchmark(context: Context, input: BenchmarkInput): Promise<Benchmark> {
  const editor = requireRole(context.viewer, 'editor');
  const { queue, database } = context;
  const name = checkedName(input.name);
  const { datasetId, grid, sections, priority } = input;
  // In one order everywhere: what runs use is locked one after the other.
  const modelIds = [...new Set(input.modelIds)].sort();
  if (modelIds.length === 0) throw new FieldError('give a model', 'modelIds');
  const dataset = await database.prisma.dataset.findFirst({
    where: { id: datasetId, teamId: editor.teamId, deletedAt: null },
    include: { splits: true },
  });
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  if (dataset.classes.length === 0) {
    throw new FieldError(
      `a benchmark uses top-1, and the images of ${dataset.name} have no labels: give a data set with labels (an experiment takes these, with metric fidelity)`,
      'datasetId',
    );
  }
  const spec = specOf(
    { name, modelIds, grid, sections },
    { search: imagesOf(dataset.splits, 'search'), train: imagesOf(dataset.splits, 'train') },
  );
  const count = itemsOf(spec).length;
  if (count > MOST_RUNS) {
    throw new FieldError(`at most ${MOST_RUNS} runs at once, these are ${count}`, 'sections');
  }
  const [models, profiles] = await Promise.all([
    database.prisma.model.findMany({ where: { id: { in: modelIds }, ...ownItems(editor), deletedAt: null } }),
    profilesFor(database, editor.teamId, spec.sections),
  ]);
  const parts: { readonly place: number; readonly data: ExperimentData; readonly specs: RunSpec[] }[] = [];
  for (const modelId of modelIds) {
    for (const [place, section] of spec.sections.entries()) {
      const { title, samples, recipe, recalibrate, repair, align } = section;
      const judged = { qualityMetric: 'top1' } as const;
      const model = models.find(({ id }) => id === modelId);
      const experiment = {
        ...judged,
        modelId,
        datasetId,
        grid,
        samples,
        recipe,
        recalibrate,
        repair,
        seed: 0,
        limits: { align },
        // That there is no such model is told below.
        deviceProfileId: model ? profileOfSection(section, model, profiles) : null,
      };
      const named = { ...experiment, name: `${name}: ${title}` };
      const { data, check } = await ofSection(place, checkedExperiment(context, editor, named));
      const runs = itemsOf({ ...spec, models: [{ name: modelId, file: '' }], sections: [section] });
      const specs = runs.map(({ strategy, target, seed }) => ({ ...strategy, target, seed }));
      const shares = await inSection(title, () => check(specs));
      // What milliseconds come to is put down with each run.
      const resolved = specs.map((one, i) => ({
        ...one,
        target: { ...one.target, share: shares[i] ?? one.target.share },
      }));
      parts.push({ place, data, specs: resolved });
    }
  }
  return database.prisma.$transaction(async (transaction) => {
    const id = newId('bench');
    // As many as there are by now: what is left out has its default.
    const sampled = (sections as readonly object[]).map((section, i) => {
      const { samples, repair, align } = spec.sections[i] ?? {};
      return { ...section, samples, repair, align };
    });
    const kept = JSON.parse(JSON.stringify({ grid, sections: sampled })) as Prisma.InputJsonObject;
    const benchmark = await transaction.benchmark.create({
      data: { id, teamId: editor.teamId, name, spec: kept },
    });
    await audit(transaction, editor, 'benchmark.start', id, { name, runs: count });
    for (const { place, data, specs } of parts) {
      const placed = { ...data, benchmarkId: id, section: place };
      const { id: experimentId } = await insertExperiment(transaction, editor, placed, { benchmark: id });
      const experiment = await transaction.experiment.findUniqueOrThrow({
        where: { id: experimentId },
        include: withContext,
      });
      const wanted = specs.length * (await bytesOf(transaction, experiment.model.sha256));
      await checkStorage(transaction, context.quotas, { teamId: editor.teamId, wanted, field: 'sections' });
      await startRuns(transaction, queue, experiment, specs, { priority, author: authorOf(editor) });
    }
    return benchmark;
  }, LONG);
}

/** What an experiment of a benchmark is made of stands elsewhere in its input. */
async function ofSection<T>(place: number, checked: Promise<T>): Promise<T> {
  return checked.catch((error: unknown) => {
    if (!(error instanceof FieldError)) throw error;
    const fields = error.fields.map((field) => {
      if (field === 'modelId') return 'modelIds';
      return OF_BENCHMARK.includes(field) ? field : `sections.${place}.${field}`;
    });
    throw new FieldError(error.message, ...fields);
  });
}

/** The same for all sections. */
const OF_BENCHMARK = ['name', 'datasetId', 'grid'];

/** Sections say everything about a run: what is wrong with it is told by its section. */
async function inSection<T>(title: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new FieldError(`section "${title}": ${error.message}`, 'sections');
  }
}

/** What was asked for, of any models. */
export function plannedOf({ name, spec }: Pick<Benchmark, 'name' | 'spec'>, modelIds = ['any']): Spec {
  const { grid, sections } = spec as unknown as { readonly grid: string; readonly sections: object[] };
  // One of before there was a repair is not repaired, and its widths are as they fell.
  const BEFORE = { repair: 0, align: 1 };
  return specOf({ name, modelIds, grid, sections: sections.map((section) => ({ ...BEFORE, ...section })) });
}

/** Models are named by their ids: names may be equal, and change. */
function specOf(
  { name, modelIds, grid, sections }: Pick<BenchmarkInput, 'name' | 'modelIds' | 'grid' | 'sections'>,
  images?: SplitImages,
): Spec {
  const models = modelIds.map((id) => ({ name: id, file: id }));
  const given = { name, dataset: 'given', models, grid, sections };
  const spec = parseBenchmark(given, undefined, images);
  const apart = spec.sections.find(({ disjointSamples }) => disjointSamples);
  if (apart) {
    throw new FieldError(
      `section "${apart.title}": runs of a platform share one sample; leave disjointSamples out, or use espalier benchmark`,
      'sections',
    );
  }
  return spec;
}
