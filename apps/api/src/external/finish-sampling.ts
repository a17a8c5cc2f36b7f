import { unpackFlags } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type SentPoint, sentMatrices, unitsRemoved } from '@espalier/pruning';
import { stored } from '@espalier/runs';
import type { SentPoint as Row, SamplingRun } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findExternal } from './sample-points.ts';

/** Drops, errors and contributions of what was sent; the same again changes nothing. */
export async function finishSampling(context: Context, samplingRunId: string): Promise<SamplingRun> {
  const editor = requireRole(context.viewer, 'editor');
  const { id } = await findExternal(context, samplingRunId);
  return context.database.prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM "SamplingRun" WHERE "id" = ${id} FOR UPDATE`;
    const sampling = await transaction.samplingRun.findUniqueOrThrow({ where: { id } });
    if (sampling.state === 'done') return sampling;
    const sent = await transaction.sentPoint.findMany({ where: { samplingRunId: id } });
    const { baseline, matrices } = concluded(sampling, sent);
    const isTop1 = stored('SamplingRun', 'externalMetric', sampling.externalMetric)?.name === 'top1';
    await transaction.samplePoint.createMany({
      data: matrices.cells.flatMap((row, groupIndex) =>
        row.map(({ value, ...cell }, ratioIndex) => {
          return { samplingRunId: id, groupIndex, ratioIndex, value, top1: isTop1 ? value : null, ...cell };
        }),
      ),
    });
    await transaction.contributionMatrix.create({
      data: {
        samplingRunId: id,
        drop: matrices.drop.flat(),
        monotoneDrop: matrices.monotoneDrop.flat(),
        contribution: matrices.contribution.flat(),
        importance: [...matrices.importance],
      },
    });
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

function concluded(sampling: SamplingRun, sent: readonly Row[]) {
  const groups = stored('SamplingRun', 'groups', sampling.groups) ?? [];
  const metric = stored('SamplingRun', 'externalMetric', sampling.externalMetric);
  const points = sent.map((row) => [row.groupIndex, pointOf(row)] as const);
  const baseline = points.find(([g]) => g === -1)?.[1];
  if (!baseline || !metric) {
    throw new FieldError('the unpruned network is missing: send a point with removed 0', 'samplingRunId');
  }
  try {
    const matrices = sentMatrices({
      direction: metric.direction,
      removed: groups.map(({ width }) => sampling.grid.map((ratio) => unitsRemoved(ratio, width))),
      baseline,
      points: groups.map((_, g) => points.flatMap(([at, point]) => (at === g ? [point] : []))),
    });
    return { baseline, matrices };
  } catch (error) {
    if (error instanceof InputError) throw new FieldError(error.message, 'samplingRunId');
    throw error;
  }
}

function pointOf({ removed, value, loss, images, standardError, hits }: Row): SentPoint {
  return { removed, value, loss, images, standardError, hits: hits && unpackFlags(hits, images) };
}

/** A wrong import goes whole, and its keys may be used again. */
export async function removeSampling(context: Context, samplingRunId: string): Promise<SamplingRun> {
  const editor = requireRole(context.viewer, 'editor');
  const sampling = await findExternal(context, samplingRunId);
  const { id } = sampling;
  return context.database.prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM "SamplingRun" WHERE "id" = ${id} FOR UPDATE`;
    const runs = await transaction.run.count({ where: { samplingRunId: id } });
    if (runs > 0) throw new Conflict(`${runs} runs go by it: delete and purge these first`, 'samplingRunId');
    await transaction.clientKey.deleteMany({ where: { teamId: editor.teamId, subjectId: id } });
    await transaction.samplingRun.deleteMany({ where: { id } });
    await audit(transaction, editor, 'sampling.remove', id, { criterion: sampling.criterion });
    return sampling;
  });
}
