import { newId, type Project } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { type ProjectListArgs, projectSorting } from './project-filter.ts';
import { projectSource } from './project-source.ts';

export function listProjects(
  { viewer, database }: Context,
  args: ProjectListArgs,
): Promise<Connection<Project>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, projectSource(self, args.filter ?? {}), projectSorting(args.order));
}

export async function createProject(
  { viewer, database }: Context,
  input: { readonly name: string; readonly description?: string | null },
): Promise<Project> {
  const editor = requireRole(viewer, 'editor');
  const name = checkedName(input.name);
  return database.prisma.$transaction(async (transaction) => {
    const id = newId('proj');
    const { teamId } = editor;
    const project = await transaction.project.create({
      data: { id, teamId, name, description: input.description ?? '' },
    });
    await audit(transaction, editor, 'project.create', id, { name });
    return project;
  });
}
