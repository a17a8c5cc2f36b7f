import type { Run } from '@espalier/store';
import { ownRuns } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';

/**
 * Marks that the network of a run was put to use, or takes the mark away. Who marked it first stays.
 *
 * @throws {FieldError} for a run without a network
 */
export async function setShipped(context: Context, runId: string, shipped: boolean): Promise<Run> {
  const editor = requireRole(context.viewer, 'editor');
  const { userId: shippedById } = editor;
  return context.database.prisma.$transaction(async (transaction) => {
    const run = await transaction.run.findFirst({
      where: { id: runId, ...ownRuns(editor), deletedAt: null },
      include: { result: { select: { sha256: true } }, shipped: true },
    });
    if (!run) throw new NotFound('there is no such run', 'runId');
    const { result, shipped: before, ...row } = run;
    if (shipped === (before !== null)) return row;
    if (shipped && !result?.sha256) throw new Conflict('the run has no network to ship', 'runId');
    if (shipped) await transaction.shippedRun.create({ data: { runId, shippedById } });
    else await transaction.shippedRun.delete({ where: { runId } });
    await audit(transaction, editor, shipped ? 'run.ship' : 'run.unship', runId);
    // The answer says how it is now.
    context.loaders.shipped.clear(runId);
    return row;
  });
}
