import { InputError } from '@espalier/errors';
import { type SentPoint, sentMatrices, unitsRemoved } from '@espalier/pruning';
import { stored, writeMatrices } from '@espalier/runs';
import type { Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowSampling } from '../sampling/sampling-source.ts';
import { findExternal } from './sample-points.ts';

/** Drops, errors and contributions of what was sent; the same again changes nothing. */
export async function finishSampling(context: Context, samplingRunId: string): Promise<NarrowSampling> {
  const editor = requireRole(context.viewer, 'editor');
  const sampling = await findExternal(context, samplingRunId);
  const { id } = sampling;
  return context.database.prisma.$transaction(async (transaction) => {
    // Nothing else of it changes.
    const [row] = await transaction.$queryRaw<Pick<NarrowSampling, 'state'>[]>`
      SELECT "state" FROM "SamplingRun" WHERE "id" = ${id} FOR UPDATE`;
    if (!row) throw new NotFound('there is no such sampling run', 'samplingRunId');
    if (row.state === 'done') return transaction.samplingRun.findUniqueOrThrow({ where: { id } });
    const sent = await sentPoints(transaction, id);
    const { baseline, matrices } = concluded(sampling, sent);
    const isTop1 = stored('SamplingRun', 'externalMetric', sampling.externalMetric)?.name === 'top1';
    const cells = matrices.cells.flatMap((row, groupIndex) =>
      row.map((cell, ratioIndex) => {
        return { groupIndex, ratioIndex, top1: isTop1 ? cell.value : null, top5: null, ...cell };
      }),
    );
    await writeMatrices(transaction, id, cells, matrices);
    await audit(transaction, editor, 'sampling.finish', id, { points: sent.length });
    return transaction.samplingRun.update({
      where: { id },
      data: {
        ...{ state: 'done', finishedAt: new Date() },
        baselineValue: baseline.value,
        ...{ baselineTop1: isTop1 ? baseline.value : null, baselineLoss: baseline.loss },
      },
    });
  });
}

/** As they come out of JSON. */
type Row = Omit<SentPoint, 'hits'> & {
  /** -1 for the unpruned network. */
  readonly groupIndex: number;
  /** base64. */
  readonly hits: string | null;
};

/** In one piece: a thousand rows of their own would take as long as all that is made of them. */
async function sentPoints(transaction: Transaction, samplingRunId: string): Promise<readonly Row[]> {
  const [found] = await transaction.$queryRaw<{ sent: readonly Row[] | null }[]>`
    SELECT json_agg(json_build_object('groupIndex', p."groupIndex", 'removed', p."removed", 'value', p."value",
      'loss', p."loss", 'images', p."images", 'standardError', p."standardError", 'hits', encode(p."hits", 'base64'))
    ) AS "sent" FROM "SentPoint" p WHERE p."samplingRunId" = ${samplingRunId}`;
  return found?.sent ?? [];
}

function concluded(sampling: NarrowSampling, sent: readonly Row[]) {
  const groups = stored('SamplingRun', 'groups', sampling.groups) ?? [];
  const metric = stored('SamplingRun', 'externalMetric', sampling.externalMetric);
  const points: SentPoint[][] = groups.map(() => []);
  let baseline: SentPoint | undefined;
  for (const row of sent) {
    if (row.groupIndex === -1) baseline = pointOf(row);
    else points[row.groupIndex]?.push(pointOf(row));
  }
  if (!baseline || !metric) {
    throw new FieldError('the unpruned network is missing: send a point with removed 0', 'samplingRunId');
  }
  try {
    const matrices = sentMatrices({
      direction: metric.direction,
      removed: groups.map(({ width }) => sampling.grid.map((ratio) => unitsRemoved(ratio, width))),
      baseline,
      points,
    });
    return { baseline, matrices };
  } catch (error) {
    if (error instanceof InputError) throw new FieldError(error.message, 'samplingRunId');
    throw error;
  }
}

function pointOf({ hits, ...point }: Row): SentPoint {
  return { ...point, hits: hits === null ? null : Buffer.from(hits, 'base64') };
}

/** A wrong import goes whole, and its keys may be used again. */
export async function removeSampling(context: Context, samplingRunId: string): Promise<NarrowSampling> {
  const editor = requireRole(context.viewer, 'editor');
  const sampling = await findExternal(context, samplingRunId);
  const { id } = sampling;
  return context.database.prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM "SamplingRun" WHERE "id" = ${id} FOR UPDATE`;
    const runs = await transaction.run.count({ where: { samplingRunId: id } });
    if (runs > 0) throw new Conflict(`${runs} runs use it: delete and purge these first`, 'samplingRunId');
    await transaction.clientKey.deleteMany({ where: { teamId: editor.teamId, subjectId: id } });
    await transaction.samplingRun.deleteMany({ where: { id } });
    await audit(transaction, editor, 'sampling.remove', id, { criterion: sampling.criterion });
    return sampling;
  });
}
