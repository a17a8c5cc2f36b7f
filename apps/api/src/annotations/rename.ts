import type { Experiment, Transaction } from '@espalier/store';
import { ownItems, ownWhole } from '../access/reach.ts';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { kindOf } from '../nodes/kinds.ts';
import { checkedName } from '../validation.ts';

interface Renaming {
  readonly where: { readonly id: string; readonly deletedAt: null };
  readonly data: { readonly name: string };
}
type Rename = (transaction: Transaction, viewer: Viewer, renaming: Renaming) => Promise<{ count: number }>;

/** Names of projects, data sets and devices are the team's: a taken one says that there is another. */
const RENAME: Readonly<Record<string, Rename>> = {
  proj: ({ project }, viewer, { where, data }) =>
    project.updateMany({ where: { AND: [where, ownWhole(viewer)] }, data }),
  model: ({ model }, viewer, { where, data }) =>
    model.updateMany({ where: { ...where, ...ownItems(viewer) }, data }),
  data: ({ dataset }, viewer, { where, data }) =>
    dataset.updateMany({ where: { AND: [where, ownWhole(viewer)] }, data }),
  device: ({ device }, viewer, { where, data }) =>
    device.updateMany({ where: { AND: [where, ownWhole(viewer)] }, data }),
  exp: ({ experiment }, viewer, { where, data }) =>
    experiment.updateMany({ where: { ...where, ...ownItems(viewer) }, data }),
};

/** A project, model, data set, device or experiment. */
export async function rename(context: Context, id: string, newName: string): Promise<void> {
  const editor = requireRole(context.viewer, 'editor');
  const name = checkedName(newName);
  const kind = kindOf(id);
  const change = kind ? RENAME[kind.prefix] : undefined;
  if (!kind || !change) {
    throw new NotFound('there is no such project, model, data set, device or experiment', 'id');
  }
  await context.database.prisma.$transaction(async (transaction) => {
    const { count } = await change(transaction, editor, { where: { id, deletedAt: null }, data: { name } });
    if (count === 0) throw new NotFound(`there is no such ${kind.words}`, 'id');
    await audit(transaction, editor, `${kind.words.replaceAll(' ', '')}.rename`, id, { name });
  });
}

/** What is null stays. What makes runs comparable never changes: that is another experiment. */
export async function updateExperiment(
  context: Context,
  id: string,
  change: { readonly name: string | null; readonly notes: string | null },
): Promise<Experiment> {
  const editor = requireRole(context.viewer, 'editor');
  const data = {
    ...(change.name === null ? {} : { name: checkedName(change.name) }),
    ...(change.notes === null ? {} : { notes: change.notes }),
  };
  return context.database.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.experiment.updateMany({
      where: { id, ...ownItems(editor), deletedAt: null },
      data,
    });
    if (count === 0) throw new NotFound('there is no such experiment', 'id');
    await audit(transaction, editor, 'experiment.update', id, data);
    return transaction.experiment.findUniqueOrThrow({ where: { id } });
  });
}
