import { parseRecipe, type Recipe, recipeHash } from '@espalier/engines';
import { parseGrid } from '@espalier/pruning';
import { type Experiment, newId, Prisma, type Transaction } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { itemTables } from '../query/item-filter.ts';
import { keysetPage } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';
import { checkedName } from '../validation.ts';
import {
  type ExperimentFilter,
  type ExperimentOrder,
  experimentCondition,
  experimentSorting,
} from './experiment-filter.ts';

export interface ExperimentInput {
  readonly modelId: string;
  readonly datasetId: string;
  readonly name: string;
  readonly samples: number;
  /** As `espalier sweep --grid` takes it. */
  readonly grid: string;
  readonly seed: number;
  readonly recipe: object | null;
  readonly recalibrate: number | null;
}

export function listExperiments(
  { viewer, database }: Context,
  args: PageArgs,
  filter: ExperimentFilter,
  order: ExperimentOrder | null,
): Promise<Connection<Experiment>> {
  const { teamId } = requireRole(viewer, 'viewer');
  const source = {
    select: columnsOf('i', Object.keys(Prisma.ExperimentScalarFieldEnum)),
    from: itemTables('Experiment'),
    where: experimentCondition(teamId, filter),
    id: Prisma.sql`i."id"`,
  };
  return keysetPage(database.pool, args, source, experimentSorting(order));
}

export async function findExperiment({ viewer, database }: Context, id: string): Promise<Experiment | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.experiment.findFirst({
    where: { id, teamId, deletedAt: null, project: { deletedAt: null } },
  });
}

/** The fixed context in which runs are comparable. */
export async function createExperiment(
  context: Context,
  input: ExperimentInput,
  origin: Prisma.InputJsonObject = {},
): Promise<Experiment> {
  const editor = requireRole(context.viewer, 'editor');
  const data = await checkedExperiment(context, editor, input);
  return context.database.prisma.$transaction((transaction) =>
    insertExperiment(transaction, editor, data, origin),
  );
}

export type ExperimentData = Omit<Prisma.ExperimentUncheckedCreateInput, 'id'>;

/** @throws {FieldError} for a model or data set that the team has not, and for settings that do not fit them */
export async function checkedExperiment(
  { database: { prisma } }: Context,
  { teamId }: Viewer,
  input: ExperimentInput,
): Promise<ExperimentData> {
  const name = checkedName(input.name);
  const [model, dataset] = await Promise.all([
    prisma.model.findFirst({ where: { id: input.modelId, teamId, deletedAt: null } }),
    prisma.dataset.findFirst({
      where: { id: input.datasetId, teamId, deletedAt: null },
      include: { splits: true },
    }),
  ]);
  if (!model) throw new FieldError('there is no such model', 'modelId');
  if (!dataset) throw new FieldError('there is no such data set', 'datasetId');
  const search = dataset.splits.find(({ name: split }) => split === 'search')?.images ?? 0;
  if (input.samples < 1 || input.samples > search) {
    throw new FieldError(`samples are from 1 to ${search}, the images of the search split`, 'samples');
  }
  const recipe = checkedRecipe(input.recipe);
  return {
    ...{ teamId, projectId: model.projectId, modelId: model.id, datasetId: dataset.id, name },
    ...{ samples: input.samples, grid: parseGrid(input.grid), seed: input.seed },
    recalibrate: input.recalibrate,
    ...(recipe ? { recipe: recipe as Prisma.InputJsonObject, recipeHash: recipeHash(recipe) } : {}),
  };
}

export async function insertExperiment(
  transaction: Transaction,
  editor: Viewer,
  data: ExperimentData,
  origin: Prisma.InputJsonObject = {},
): Promise<Experiment> {
  const id = newId('exp');
  const experiment = await transaction.experiment.create({ data: { id, ...data } });
  await audit(transaction, editor, 'experiment.create', id, { name: data.name, ...origin });
  return experiment;
}

function checkedRecipe(recipe: object | null): Recipe | null {
  if (recipe === null) return null;
  const parsed = parseRecipe(recipe);
  if (parsed.distillation) throw new FieldError('runs cannot distil yet', 'recipe');
  return parsed;
}
