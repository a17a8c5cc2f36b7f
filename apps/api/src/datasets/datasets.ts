import { openDataset } from '@espalier/datasets';
import { type Dataset, newId } from '@espalier/store';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import { type Connection, type PageArgs, page } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';

/** What every worker can open by name. */
export const BUILT_IN = ['cifar10', 'mnist', 'fashion-mnist'] as const;

export function listDatasets({ viewer, database }: Context, args: PageArgs): Promise<Connection<Dataset>> {
  const { teamId } = requireRole(viewer, 'viewer');
  const where = { teamId, deletedAt: null };
  return page(
    args,
    (query) => database.prisma.dataset.findMany({ ...query, where: { ...where, ...query.where } }),
    () => database.prisma.dataset.count({ where }),
  );
}

export async function findDataset({ viewer, database }: Context, id: string): Promise<Dataset | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.dataset.findFirst({ where: { id, teamId, deletedAt: null } });
}

/** Opens the data set, which decodes it the first time, and keeps its hash, classes and splits. */
export async function registerDataset(context: Context, builtIn: string): Promise<Dataset> {
  const editor = requireRole(context.viewer, 'editor');
  if (!BUILT_IN.some((name) => name === builtIn)) {
    throw new FieldError(`there is no data set "${builtIn}"; known are ${BUILT_IN.join(', ')}`, 'name');
  }
  const dataset = await openDataset(builtIn, { home: context.home });
  const { name, hash, classes, splits } = dataset;
  await dataset.close();
  return context.database.prisma.$transaction(async (transaction) => {
    const id = newId('data');
    const row = await transaction.dataset.create({
      data: {
        ...{ id, teamId: editor.teamId, name, builtIn, hash, classes: [...classes] },
        splits: { create: Object.entries(splits).map(([split, { n }]) => ({ name: split, images: n })) },
      },
    });
    await audit(transaction, editor, 'dataset.register', id, { name });
    return row;
  });
}
