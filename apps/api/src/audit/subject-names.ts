import type { PrismaClient } from '@espalier/store';
import type { Asker } from '../access/viewer.ts';
import { namesOf } from '../trash/trash-source.ts';

/**
 * What things are called, or were called when they were purged, in the order of their ids; null for what is of no name,
 * or gone with something else. A key that is limited to projects is told nothing: names would lead out of them.
 */
export async function subjectNames(
  prisma: PrismaClient,
  viewer: Asker | null,
  ids: readonly string[],
): Promise<(string | null)[]> {
  if (!viewer?.teamId || viewer.projectIds !== null) return ids.map(() => null);
  const { teamId } = viewer;
  const names = await namesOf(prisma, teamId, ids);
  const unknown = ids.filter((id) => !names.has(id));
  const purges = await prisma.auditEntry.findMany({
    where: { teamId, action: 'purge', subject: { in: unknown } },
    select: { subject: true, data: true },
  });
  const called = new Map(purges.map(({ subject, data }) => [subject, nameIn(data)]));
  return ids.map((id) => names.get(id) ?? called.get(id) ?? null);
}

function nameIn(data: unknown): string | null {
  const { name = null } = data as { readonly name?: string };
  return name || null;
}
