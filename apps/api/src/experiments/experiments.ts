import {
  isOwnMetric,
  METRIC_NAMES,
  type MetricName,
  metricOfOutputs,
  parseRecipe,
  recipeHash,
} from '@espalier/engines';
import { readBy } from '@espalier/errors';
import { atField, limitsSchema, samplesOf } from '@espalier/pipeline';
import { DEFAULT_GRID, parseGrid, repairImages } from '@espalier/pruning';
import { plain, planOf, type RunSpec, stored, written } from '@espalier/runs';
import {
  type Dataset,
  type DatasetSplit,
  type Experiment,
  type Model,
  newId,
  type Prisma,
  type Transaction,
} from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { authorOf } from '../access/author.ts';
import { ownItems } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { atInput, FieldError, NotFound, toldAt } from '../errors.ts';
import { given } from '../given.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { checkedPlans, imagesOfSplits, leastPlan, subjectOf } from './conditions.ts';
import { type ExperimentListArgs, experimentSorting } from './experiment-filter.ts';
import { experimentSource } from './experiment-source.ts';
import { WidthLimitsInput } from './limits-type.ts';
import {
  givenWeights,
  METRIC_RULE,
  OutputWeightInput,
  QualityMetricName,
  USUAL_METRIC,
  WEIGHTS_RULE,
} from './quality-metric.ts';
import { givenRecipe } from './recipe-type.ts';

export const REPAIR_RULE =
  'Number of training images for the repair of the layers after a cut, which comes before any training; 0 for no repair. Cannot be combined with a recalibration.';
export const USUAL_REPAIR =
  '2,000, or all where there are fewer; none where BatchNorm is recalibrated instead.';

export const PROFILE_RULE =
  'A device profile of the model: by it latency is known, and may be a target. Null: it is not.';

@InputType('CreateExperimentInput')
export class ExperimentInput {
  @Field(() => ID)
  modelId!: string;

  @Field(() => ID)
  datasetId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Images of the search split. Default: 1,000, or all if there are fewer.',
  })
  samples?: number | null;

  @Field(() => String, { defaultValue: DEFAULT_GRID, description: 'first:last:step, or a list.' })
  grid!: string;

  @Field(() => Int, { defaultValue: 0 })
  seed!: number;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'As `espalier finetune --recipe` takes it: its fields, or `{ name: "quick" }` for one of `methods { recipes }`, with fields over it. One that distils learns from the model as given.',
  })
  recipe?: object | null;

  @Field(() => Int, { nullable: true })
  recalibrate?: number | null;

  @Field(() => Int, { nullable: true, description: `${REPAIR_RULE} Default: ${USUAL_REPAIR}` })
  repair?: number | null;

  @Field(() => QualityMetricName, { nullable: true, description: `${METRIC_RULE} Default: ${USUAL_METRIC}` })
  qualityMetric?: string | null;

  @Field(() => [OutputWeightInput], { nullable: true, description: WEIGHTS_RULE })
  outputWeights?: OutputWeightInput[] | null;

  @Field(() => ID, { nullable: true, description: PROFILE_RULE })
  deviceProfileId?: string | null;

  @Field(() => WidthLimitsInput, { nullable: true })
  limits?: WidthLimitsInput | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Also prune channels that a normalisation mixes: removing them is not the same as zeroing them.',
  })
  allowInexact?: boolean;
}

export function listExperiments(
  { viewer, database }: Context,
  args: ExperimentListArgs,
): Promise<Connection<Experiment>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(
    database.pool,
    args,
    experimentSource(self, args.filter ?? {}),
    experimentSorting(args.order),
  );
}

/** The fixed context in which runs are comparable. */
export async function createExperiment(
  context: Context,
  input: ExperimentInput,
  origin: Prisma.InputJsonObject = {},
): Promise<Experiment> {
  const editor = requireRole(context.viewer, 'editor');
  const { data } = await checkedExperiment(context, editor, input);
  return context.database.prisma.$transaction((transaction) =>
    insertExperiment(transaction, editor, data, origin),
  );
}

/** Refuses what {@link createExperiment} would refuse, and makes nothing. */
export async function checkExperiment(context: Context, input: ExperimentInput): Promise<void> {
  await checkedExperiment(context, requireRole(context.viewer, 'editor'), input);
}

export type ExperimentData = Omit<Prisma.ExperimentUncheckedCreateInput, 'id'>;

interface Checked {
  readonly data: ExperimentData;
  /**
   * Refuses runs that cannot be; of the others it says what share each removes, also where milliseconds are asked for.
   */
  readonly check: (specs: readonly RunSpec[]) => Promise<readonly number[]>;
}

/** @throws {FieldError} for a model or data set that the team has not, and for settings that do not fit them */
export async function checkedExperiment(
  context: Context,
  editor: Viewer,
  input: ExperimentInput,
): Promise<Checked> {
  const { prisma } = context.database;
  const { teamId } = editor;
  const name = checkedName(input.name);
  const [model, dataset] = await Promise.all([
    prisma.model.findFirst({ where: { id: input.modelId, ...ownItems(editor), deletedAt: null } }),
    prisma.dataset.findFirst({
      where: { id: input.datasetId, teamId, deletedAt: null },
      include: { splits: true },
    }),
  ]);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  const profile = input.deviceProfileId ? await findNode('profile', context, input.deviceProfileId) : null;
  if (input.deviceProfileId && !profile) {
    throw new NotFound('there is no such device profile', 'deviceProfileId');
  }
  const profileId = profile?.id ?? null;
  const conditions = atInput(PATHS, () => ({ ...conditionsOf(input, { model, dataset }), profileId }));
  const { samples, grid, seed, recalibrate, repair, allowInexact, limits, recipe } = conditions;
  const { qualityMetric, outputWeights } = conditions;
  const subject = subjectOf(model, dataset, conditions, profile);
  const least = atInput(PATHS, () => leastPlan(conditions));
  const { misfit } = await checkedPlans(context, subject, [least]);
  if (misfit) throw toldAt(PATHS, misfit.error);
  const data: ExperimentData = {
    ...{ teamId, projectId: model.projectId, modelId: model.id, datasetId: dataset.id, name },
    ...{ samples, grid, seed, recalibrate, repair, allowInexact, limits: plain(limits) },
    ...written('Experiment', { recipe }),
    ...{ qualityMetric, profileId },
    ...(Object.keys(outputWeights).length > 0 ? { outputWeights } : {}),
    ...(recipe ? { recipeHash: recipeHash(recipe) } : {}),
  };
  return {
    data,
    async check(specs) {
      const plans = specs.map((spec) => planOf(conditions, spec));
      const { misfit: found, shares } = await checkedPlans(context, subject, plans);
      if (found) throw found.error;
      return shares;
    },
  };
}

/** Where a plan's fields are in the input. */
const PATHS = {
  'sampling.samples': 'samples',
  'sampling.grid': 'grid',
  'sampling.seed': 'seed',
  'sampling.allowInexact': 'allowInexact',
  'sampling.metric': 'qualityMetric',
  'sampling.weights': 'outputWeights',
  metric: 'qualityMetric',
  dataset: 'datasetId',
  model: 'modelId',
  profile: 'deviceProfileId',
  // The least that there is cannot be removed: then it is the limits.
  target: 'limits',
};

/** With all defaults filled in: later runs use what is kept, whatever the defaults have become by then. */
function conditionsOf(
  input: ExperimentInput,
  {
    model,
    dataset,
  }: { readonly model: Model; readonly dataset: Dataset & { readonly splits: readonly DatasetSplit[] } },
) {
  const images = imagesOfSplits(dataset.splits);
  // Of a model that was registered before its outputs were kept, one is taken to be there; else it is told when it is
  // read.
  const { outputs = [] } = stored('Model', 'summary', model.summary);
  const judged = metricOfOutputs(
    ownMetric(input.qualityMetric ?? null),
    outputs.map(({ isEmbedding = false }) => ({ isEmbedding })),
    dataset,
  );
  const { samples = null, seed, recalibrate = null, allowInexact = false, limits, recipe } = input;
  return {
    samples: samplesOf({ samples, skip: 0 }, images.search),
    ...{ seed, recalibrate, allowInexact },
    ...{ qualityMetric: judged.name, outputWeights: givenWeights(input.outputWeights ?? []) },
    repair: repairImages({ repair: input.repair ?? null, recalibrate }, images.train),
    grid: atField('sampling.grid', () => parseGrid(input.grid)),
    limits: readBy(limitsSchema, given(limits), '', 'limits'),
    recipe: recipe ? parseRecipe(givenRecipe(recipe)) : null,
  };
}

export async function insertExperiment(
  transaction: Transaction,
  editor: Viewer,
  data: ExperimentData,
  origin: Prisma.InputJsonObject = {},
): Promise<Experiment> {
  const id = newId('exp');
  const experiment = await transaction.experiment.create({ data: { id, ...data, ...authorOf(editor) } });
  await audit(transaction, editor, 'experiment.create', id, { name: data.name, ...origin });
  return experiment;
}

/** @throws {FieldError} for a metric of another tool, which no worker knows */
function ownMetric(name: string | null): MetricName | null {
  if (name === null || isOwnMetric(name)) return name;
  throw new FieldError(`workers only support ${METRIC_NAMES.join(', ')}`, 'qualityMetric');
}
