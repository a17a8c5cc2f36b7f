import { type PublishedResult, publishedResultSchema } from '@espalier/comparison';
import { newId, Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, LimitReached, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import {
  type Conditions,
  containing,
  filtered,
  listed,
  numbered,
  ranged,
  timed,
} from '../query/conditions.ts';
import { FILTER_RULE, FloatFilter, IntFilter, TextFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { keysetPage } from '../query/keyset.ts';
import { listArgs } from '../query/list-args.ts';
import { orderOf } from '../query/order.ts';
import { rowsOf } from '../query/sql.ts';
import { moveToTrash } from '../trash/trash.ts';
import {
  findPublished,
  isShipped,
  named,
  PUBLISHED_COLUMNS,
  PUBLISHED_FIELDS,
  type PublishedRow,
  publishedTables,
  readPublished,
} from './published-tables.ts';

/** Of one team; what is shipped comes on top. */
const MOST = 2000;

@InputType('PublishedResultFilter', {
  description: `${FILTER_RULE} However a name is written: cifar10 is CIFAR-10.`,
})
export class PublishedFilter extends BasicFilter {
  @Field(() => TextFilter, { nullable: true })
  architecture?: TextFilter | null;

  @Field(() => TextFilter, { nullable: true, description: 'Null if the source does not say.' })
  dataset?: TextFilter | null;

  @Field(() => TextFilter, { nullable: true })
  method?: TextFilter | null;

  @Field(() => String, { nullable: true, description: 'Text in method, title, authors or note.' })
  text?: string | null;

  @Field(() => IntFilter, { nullable: true })
  year?: IntFilter | null;

  @Field(() => FloatFilter, { nullable: true })
  top1?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Share of the MACs of its own base.' })
  savedMacs?: FloatFilter | null;

  @Field(() => FloatFilter, { nullable: true, description: 'Share of the params of its own base.' })
  savedParams?: FloatFilter | null;
}

const column = (name: string) => Prisma.raw(`x."${name}"`);
const CONDITIONS: Conditions<PublishedFilter> = {
  id: listed(column('id')),
  architecture: named('architecture'),
  dataset: named('dataset'),
  method: named('method'),
  text: containing(...['method', 'title', 'authors', 'note'].map(column)),
  year: numbered(column('year')),
  top1: ranged(column('top1')),
  savedMacs: ranged(column('savedMacs')),
  savedParams: ranged(column('savedParams')),
  createdAt: timed(column('createdAt')),
};

const SUBJECT = Prisma.raw(
  `lower(x."architecture") || chr(9) || lower(coalesce(x."dataset", '')) || chr(9) || lower(x."method")`,
);
const order = orderOf(
  'PublishedResult',
  'published results',
  {
    subject: { value: SUBJECT, type: 'text' },
    year: { value: column('year'), type: 'bigint' },
    top1: { value: column('top1'), type: 'float8' },
    savedMacs: { value: column('savedMacs'), type: 'float8' },
    savedParams: { value: column('savedParams'), type: 'float8' },
  },
  { by: 'subject', direction: 'asc', told: 'By architecture, data set and method' },
);
export const PublishedListArgs = listArgs(PublishedFilter, order);
export type PublishedListArgs = InstanceType<typeof PublishedListArgs>;

export function listPublished(
  { viewer, database }: Context,
  args: PublishedListArgs,
): Promise<Connection<PublishedRow>> {
  const { teamId } = requireRole(viewer, 'viewer');
  const source = {
    ...{ select: PUBLISHED_COLUMNS, from: publishedTables(teamId), id: Prisma.sql`x."id"` },
    where: filtered(args.filter ?? {}, CONDITIONS),
  };
  return keysetPage(database.pool, args, source, order.sorting(args.order));
}

/** All that a filter keeps: what is beside a comparison. */
export function allPublished(
  { viewer, database }: Context,
  filter: PublishedFilter,
): Promise<PublishedRow[]> {
  const { teamId } = requireRole(viewer, 'viewer');
  return readPublished(database.prisma, teamId, filtered(filter, CONDITIONS));
}

export function publishedSubjects({ viewer, database }: Context) {
  const { teamId } = requireRole(viewer, 'viewer');
  return rowsOf<Pick<PublishedResult, 'architecture' | 'dataset'> & { readonly results: number }>(
    database.pool,
    Prisma.sql`
      SELECT x."architecture", x."dataset", count(*)::int AS "results" FROM ${publishedTables(teamId)}
      GROUP BY x."architecture", x."dataset" ORDER BY lower(x."architecture"), lower(x."dataset") NULLS LAST`,
  );
}

/** @throws {FieldError} for the first field that cannot be taken */
export async function addPublished(
  { viewer, database }: Context,
  input: Partial<Record<keyof PublishedResult, unknown>>,
): Promise<PublishedRow> {
  const editor = requireRole(viewer, 'editor');
  const { teamId, userId } = editor;
  // What was left out is not known.
  const unknown = PUBLISHED_FIELDS.map((name) => [name, null]);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const { data, error } = publishedResultSchema.safeParse(Object.fromEntries([...unknown, ...given]));
  if (!data) {
    const [issue] = error.issues;
    const field = String(issue?.path[0] ?? 'input');
    throw new FieldError(`${field}: ${issue?.message ?? 'it cannot be taken'}`, field);
  }
  return database.prisma.$transaction(async (transaction) => {
    if ((await transaction.publishedResult.count({ where: { teamId } })) >= MOST) {
      throw new LimitReached(`there are ${MOST} already: purge some first`, 'input');
    }
    const id = newId('pub');
    const row = await transaction.publishedResult.create({
      data: { id, teamId, createdById: userId, ...data },
    });
    const { architecture, dataset, method, title } = data;
    await audit(transaction, editor, 'publishedresult.add', id, { architecture, dataset, method, title });
    return row;
  });
}

/** One of the team's goes into the trash; those that are shipped stay. */
export async function removePublished(context: Context, id: string): Promise<PublishedRow> {
  const { teamId } = requireRole(context.viewer, 'editor');
  const [row] = await findPublished(context.database.prisma, teamId, [id]);
  if (!row || isShipped(id)) throw new NotFound('there is no such published result', 'id');
  await moveToTrash(context, [id], ['pub']);
  return row;
}
