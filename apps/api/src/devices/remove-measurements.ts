import type { Measurement } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';

/**
 * Removes a measurement permanently, and all that was sent together with it: networks that took turns are compared with
 * one another.
 *
 * @returns what was removed, in its order
 */
export async function removeMeasurements(context: Context, measurementId: string): Promise<Measurement[]> {
  const editor = requireRole(context.viewer, 'editor');
  const found = await findNode('measurement', context, measurementId);
  if (!found) throw new NotFound('there is no such measurement', 'measurementId');
  const device = await nodeAt('device', context, found.deviceId);
  const { teamId, hash } = found;
  return context.database.prisma.$transaction(async (transaction) => {
    const rows = await transaction.measurement.findMany({
      where: { teamId, hash },
      orderBy: { place: 'asc' },
    });
    const { count } = await transaction.measurement.deleteMany({ where: { teamId, hash } });
    // Another one was first.
    if (count === 0) throw new NotFound('there is no such measurement', 'measurementId');
    await audit(transaction, editor, 'measurement.remove', found.deviceId, { name: device?.name ?? null });
    return rows;
  });
}
