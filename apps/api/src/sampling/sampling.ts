import type { SamplingRun } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';

/** A sampling run that one of the team's runs goes by. */
export async function findSamplingRun(
  { viewer, database }: Context,
  id: string,
): Promise<SamplingRun | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.samplingRun.findFirst({ where: { id, runs: { some: { teamId } } } });
}
