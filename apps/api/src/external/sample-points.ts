import { createHash } from 'node:crypto';
import { countFlags } from '@espalier/engines';
import { unitsRemoved } from '@espalier/pruning';
import { arrayOf, type ExternalMetric, stored } from '@espalier/runs';
import { Prisma, type Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import type { NarrowSampling } from '../sampling/sampling-source.ts';
import { takeKey } from './client-key.ts';

const MOST = 1000;

export interface GivenPoint {
  /** Null for the unpruned network. */
  readonly group?: string | null;
  readonly removed: number;
  readonly value: number;
  readonly loss?: number | null;
  readonly images: number;
  readonly standardError?: number | null;
  /** base64. */
  readonly hits?: string | null;
}

interface Point {
  /** -1 for the unpruned network. */
  readonly groupIndex: number;
  readonly removed: number;
  readonly value: number;
  readonly loss: number | null;
  readonly images: number;
  readonly standardError: number | null;
  readonly hits: string | null;
}

/** One that the team measured elsewhere, within reach. */
export async function findExternal(context: Context, id: string): Promise<NarrowSampling> {
  const sampling = await findNode('sample', context, id);
  if (!sampling) throw new NotFound('there is no such sampling run', 'samplingRunId');
  if (sampling.origin === 'external') return sampling;
  throw new FieldError('this one is measured by workers of the platform', 'samplingRunId');
}

/** Upserts what was measured, by group and removed units, until the sampling is finished. */
export async function putSamplePoints(
  context: Context,
  {
    key,
    samplingRunId: id,
    points: given,
  }: { key: string; samplingRunId: string; points: readonly GivenPoint[] },
): Promise<NarrowSampling> {
  const { teamId } = requireRole(context.viewer, 'editor');
  const sampling = await findExternal(context, id);
  const points = checkedPoints(sampling, given);
  const groups = stored('SamplingRun', 'groups', sampling.groups) ?? [];
  const nameOf = ({ groupIndex, removed }: Point) => `${groups[groupIndex]?.id ?? 'baseline'}/${removed}`;
  return context.database.prisma.$transaction(async (transaction) => {
    // Whoever finishes it waits for those that are at it, and they see that it is finished.
    const [row] = await transaction.$queryRaw<{ state: NarrowSampling['state'] }[]>`
      SELECT "state" FROM "SamplingRun" WHERE "id" = ${id} FOR SHARE`;
    if (!row) throw new NotFound('there is no such sampling run', 'samplingRunId');
    const content = {
      samplingRunId: id,
      values: Object.fromEntries(points.map((point) => [nameOf(point), point.value])),
      points: createHash('sha256').update(JSON.stringify(points)).digest('hex'),
    };
    const { isNew } = await takeKey(transaction, { teamId, key, write: 'putSamplePoints', content }, id);
    if (!isNew) return sampling;
    if (row.state === 'done') await checkSame(transaction, id, points, nameOf);
    else await upsert(transaction, id, points);
    return sampling;
  });
}

async function upsert(transaction: Transaction, id: string, points: readonly Point[]): Promise<void> {
  const column = (name: keyof Point, type: string) =>
    Prisma.sql`${arrayOf(points.map((point) => point[name]))}::${Prisma.raw(type)}[]`;
  await transaction.$executeRaw`
    INSERT INTO "SentPoint" ("samplingRunId", "groupIndex", "removed", "value", "loss", "images", "standardError", "hits")
    SELECT ${id}, x."groupIndex", x."removed", x."value", x."loss", x."images", x."standardError", decode(x."hits", 'base64')
    FROM unnest(${column('groupIndex', 'int')}, ${column('removed', 'int')}, ${column('value', 'float8')},
      ${column('loss', 'float8')}, ${column('images', 'int')}, ${column('standardError', 'float8')},
      ${column('hits', 'text')}) AS x("groupIndex", "removed", "value", "loss", "images", "standardError", "hits")
    ON CONFLICT ("samplingRunId", "groupIndex", "removed") DO UPDATE SET "value" = excluded."value",
      "loss" = excluded."loss", "images" = excluded."images", "standardError" = excluded."standardError",
      "hits" = excluded."hits"`;
}

/** What is finished takes what it has already, and nothing else. */
async function checkSame(
  transaction: Transaction,
  id: string,
  points: readonly Point[],
  nameOf: (point: Point) => string,
): Promise<void> {
  const rows = await transaction.sentPoint.findMany({ where: { samplingRunId: id } });
  const before = new Map(
    rows.map(({ samplingRunId: _, hits, ...row }) => [
      `${row.groupIndex} ${row.removed}`,
      { ...row, hits: hits && Buffer.from(hits).toString('base64') },
    ]),
  );
  for (const point of points) {
    const known = before.get(`${point.groupIndex} ${point.removed}`);
    const isSame =
      known && Object.entries(point).every(([field, value]) => known[field as keyof Point] === value);
    if (isSame) continue;
    const was = known ? `was ${known.value}` : 'was not there';
    throw new Conflict(`it is finished: ${nameOf(point)} ${was}, is ${point.value}`, 'points');
  }
}

/** In the order of groups and removed units. */
function checkedPoints(sampling: NarrowSampling, given: readonly GivenPoint[]): Point[] {
  if (given.length === 0 || given.length > MOST) {
    throw new FieldError(`send 1 to ${MOST} points at once`, 'points');
  }
  const groups = stored('SamplingRun', 'groups', sampling.groups) ?? [];
  const metric = stored('SamplingRun', 'externalMetric', sampling.externalMetric);
  const indexOf = new Map(groups.map(({ id }, g) => [id, g]));
  const cells = groups.map(({ width }) => new Set(sampling.grid.map((ratio) => unitsRemoved(ratio, width))));
  const seen = new Set<string>();
  const points = given.map((point, at): Point => {
    const refuse = (field: string, message: string) => new FieldError(message, `points.${at}.${field}`);
    const { removed, group = null, loss = null, standardError = null, hits = null, value, images } = point;
    const groupIndex = removed === 0 ? -1 : group === null ? undefined : indexOf.get(group);
    if (group !== null && !indexOf.has(group)) throw refuse('group', `there is no prunable group "${group}"`);
    if (groupIndex === undefined) throw refuse('group', 'name the group that the units are of');
    if (removed !== 0 && !cells[groupIndex]?.has(removed)) {
      const some = [...(cells[groupIndex] ?? [])].join(', ');
      throw refuse('removed', `the grid removes ${some} units of "${group}", not ${removed}`);
    }
    if (seen.has(`${groupIndex} ${removed}`)) throw refuse('removed', 'this point is there twice');
    seen.add(`${groupIndex} ${removed}`);
    if (images !== sampling.samples) {
      throw refuse('images', `the sampling is of ${sampling.samples} images, not of ${images}`);
    }
    checkNumbers({ value, standardError, hits, images }, metric, refuse);
    return { groupIndex, removed, value, loss, images, standardError, hits };
  });
  return points.sort((a, b) => a.groupIndex - b.groupIndex || a.removed - b.removed);
}

function checkNumbers(
  { value, standardError, hits, images }: Pick<Point, 'value' | 'standardError' | 'hits' | 'images'>,
  metric: ExternalMetric | null,
  refuse: (field: string, message: string) => FieldError,
): void {
  const isShare = value >= 0 && value <= 1;
  if (!isShare && (metric?.name === 'top1' || metric?.name === 'top5')) {
    throw refuse('value', `${metric.name} is a share of images, 0 to 1, not ${value}`);
  }
  if (standardError !== null && standardError < 0) throw refuse('standardError', 'an error is not below 0');
  if (hits !== null) {
    const bytes = Buffer.from(hits, 'base64');
    if (bytes.length !== Math.ceil(images / 8) || bytes.toString('base64') !== hits) {
      throw refuse('hits', `${images} images are ${Math.ceil(images / 8)} bytes in base64, one bit each`);
    }
    const right = countFlags(bytes, images);
    if (metric?.name === 'top1' && Math.abs(right / images - value) > 1e-6) {
      throw refuse('hits', `${right} of ${images} images are right by them, and the value is ${value}`);
    }
  } else if (standardError === null && !isShare) {
    throw refuse('standardError', 'the error of a value outside of 0..1 is unknown: give it');
  }
}
