import { newId, Prisma, type Project } from '@espalier/store';
import { reached } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { checkedName } from '../validation.ts';
import { PROJECT_CONDITIONS, type ProjectListArgs, projectSorting } from './project-filter.ts';

export function listProjects(
  { viewer, database }: Context,
  args: ProjectListArgs,
): Promise<Connection<Project>> {
  const self = requireRole(viewer, 'viewer');
  const source = {
    select: columnsOf('j', Object.keys(Prisma.ProjectScalarFieldEnum)),
    from: Prisma.sql`"Project" j`,
    where: every(
      reached(self, Prisma.sql`j."teamId"`, Prisma.sql`j."id"`),
      Prisma.sql`j."deletedAt" IS NULL`,
      filtered(args.filter ?? {}, PROJECT_CONDITIONS),
    ),
    id: Prisma.sql`j."id"`,
  };
  return keysetPage(database.pool, args, source, projectSorting(args.order));
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
