import type { Experiment, Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { kindOf } from '../nodes/kinds.ts';
import { checkedName } from '../validation.ts';

type Rename = (
  transaction: Transaction,
  where: { id: string; teamId: string; deletedAt: null },
  name: string,
) => Promise<{ count: number }>;

const RENAME: Readonly<Record<string, Rename>> = {
  proj: ({ project }, where, name) => project.updateMany({ where, data: { name } }),
  model: ({ model }, where, name) => model.updateMany({ where, data: { name } }),
  data: ({ dataset }, where, name) => dataset.updateMany({ where, data: { name } }),
  exp: ({ experiment }, where, name) => experiment.updateMany({ where, data: { name } }),
};

/** A project, model, data set or experiment. */
export async function rename(context: Context, id: string, newName: string): Promise<{ ids: string[] }> {
  const editor = requireRole(context.viewer, 'editor');
  const name = checkedName(newName);
  const kind = kindOf(id);
  const change = kind ? RENAME[kind.prefix] : undefined;
  if (!kind || !change) {
    throw new FieldError('there is no such project, model, data set or experiment', 'id');
  }
  await context.database.prisma.$transaction(async (transaction) => {
    const { count } = await change(transaction, { id, teamId: editor.teamId, deletedAt: null }, name);
    if (count === 0) throw new FieldError(`there is no such ${kind.words}`, 'id');
    await audit(transaction, editor, `${kind.words.replaceAll(' ', '')}.rename`, id, { name });
  });
  return { ids: [id] };
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
      where: { id, teamId: editor.teamId, deletedAt: null },
      data,
    });
    if (count === 0) throw new FieldError('there is no such experiment', 'id');
    await audit(transaction, editor, 'experiment.update', id, data);
    return transaction.experiment.findUniqueOrThrow({ where: { id } });
  });
}
