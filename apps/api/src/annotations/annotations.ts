import { Prisma } from '@espalier/store';
import { type Reach, reached } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { auditEach } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { byKind, kindOf } from '../nodes/kinds.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage } from '../query/keyset.ts';
import { TAG_CONDITIONS, type TagListArgs, tagSorting } from './tag-filter.ts';

const MOST_IDS = 500;
const MOST_TAGS = 30;
const TAG_LENGTH = 50;
const LOGGED_NOTES = 200;
/** Hundreds of entries in the audit log take a moment. */
const MANY = { timeout: 60_000 } as const;

/** What takes tags and notes, by how ids begin. */
const TABLES = { run: 'Run', exp: 'Experiment', model: 'Model' } as const;
type Annotated = keyof typeof TABLES;

const TEAM_ID = Prisma.sql`"teamId"`;
const PROJECT_ID: Readonly<Record<Annotated, Prisma.Sql>> = {
  run: Prisma.sql`(SELECT e."projectId" FROM "Experiment" e WHERE e."id" = "experimentId" AND e."deletedAt" IS NULL)`,
  exp: Prisma.sql`"projectId"`,
  model: Prisma.sql`"projectId"`,
};

/** What is the viewer's, and neither in the trash nor within something that is. */
function reachable(reach: Reach, prefix: Annotated): Prisma.Sql {
  const projectId = PROJECT_ID[prefix];
  return Prisma.sql`${reached(reach, TEAM_ID, projectId)} AND "deletedAt" IS NULL AND EXISTS (
    SELECT 1 FROM "Project" j WHERE j."id" = ${projectId} AND j."deletedAt" IS NULL)`;
}

/** What happens to the column: an expression over the row. */
interface Change {
  readonly action: string;
  readonly column: 'tags' | 'notes';
  readonly value: Prisma.Sql;
  readonly data: Prisma.InputJsonObject;
}

export function setTags(context: Context, ids: readonly string[], tags: readonly string[]) {
  return annotate(context, ids, () => {
    const checked = checkedTags(tags);
    const value = Prisma.sql`${checked}::text[]`;
    return { action: 'tags.set', column: 'tags', value, data: { tags: checked } };
  });
}

export function addTags(context: Context, ids: readonly string[], tags: readonly string[]) {
  return annotate(context, ids, () => {
    const checked = checkedTags(tags);
    const value = Prisma.sql`ARRAY(SELECT DISTINCT unnest("tags" || ${checked}::text[]) ORDER BY 1)`;
    return { action: 'tags.add', column: 'tags', value, data: { tags: checked } };
  });
}

export function removeTags(context: Context, ids: readonly string[], tags: readonly string[]) {
  return annotate(context, ids, () => {
    const checked = checkedTags(tags);
    const value = Prisma.sql`ARRAY(SELECT t FROM unnest("tags") t WHERE t <> ALL(${checked}::text[]) ORDER BY 1)`;
    return { action: 'tags.remove', column: 'tags', value, data: { tags: checked } };
  });
}

export function setNotes(context: Context, ids: readonly string[], notes: string) {
  return annotate(context, ids, () => {
    const value = Prisma.sql`${notes}`;
    // An entry for each id: the log is not to grow by hundreds of times what was sent.
    const data = { notes: notes.slice(0, LOGGED_NOTES) };
    return { action: 'notes.set', column: 'notes', value, data };
  });
}

/** All of them or none: runs, experiments and models together. */
async function annotate(
  { viewer, database }: Context,
  ids: readonly string[],
  changeOf: () => Change,
): Promise<void> {
  const editor = requireRole(viewer, 'editor');
  const { action, column, value, data } = changeOf();
  if (ids.length === 0) throw new FieldError('give at least one id', 'ids');
  if (ids.length > MOST_IDS) throw new FieldError(`at most ${MOST_IDS} at once`, 'ids');
  const unknown = ids.find((id) => !isAnnotated(kindOf(id)?.prefix));
  if (unknown !== undefined) {
    throw new NotFound(`there is no such run, experiment or model: ${unknown}`, 'ids');
  }
  await database.prisma.$transaction(async (transaction) => {
    for (const [prefix, some] of byKind(ids)) {
      if (!isAnnotated(prefix)) continue;
      const changed = await transaction.$queryRaw<{ id: string; tags: string[] }[]>(Prisma.sql`
        UPDATE ${Prisma.raw(`"${TABLES[prefix]}"`)} SET ${Prisma.raw(`"${column}"`)} = ${value}
        WHERE "id" = ANY(${some}) AND ${reachable(editor, prefix)}
        RETURNING "id", "tags"`);
      const there = new Set(changed.map(({ id }) => id));
      const missing = some.find((id) => !there.has(id));
      if (missing !== undefined) throw new NotFound(`there is no such ${kindOf(missing)?.words}`, 'ids');
      if (changed.some(({ tags }) => tags.length > MOST_TAGS)) {
        throw new FieldError(`at most ${MOST_TAGS} tags each`, 'tags');
      }
      await auditEach(transaction, editor, action, some, data);
    }
  }, MANY);
}

function isAnnotated(prefix: string | undefined): prefix is Annotated {
  return prefix !== undefined && Object.hasOwn(TABLES, prefix);
}

/** Trimmed, each once, in alphabetical order. */
function checkedTags(tags: readonly string[]): string[] {
  const checked = [...new Set(tags.map((tag) => tag.trim()))].sort();
  if (checked.includes('')) throw new FieldError('a tag is not empty', 'tags');
  const long = checked.find((tag) => tag.length > TAG_LENGTH);
  if (long !== undefined) throw new FieldError(`a tag has at most ${TAG_LENGTH} characters`, 'tags');
  if (checked.length > MOST_TAGS) throw new FieldError(`at most ${MOST_TAGS} tags each`, 'tags');
  return checked;
}

interface TagCount {
  readonly tag: string;
  readonly runs: number;
  readonly experiments: number;
  readonly models: number;
}

/** Every tag that something of the team has. What is in the trash does not count. */
export function listTags({ viewer, database }: Context, args: TagListArgs): Promise<Connection<TagCount>> {
  const self = requireRole(viewer, 'viewer');
  const of = (prefix: Annotated, kind: string) => Prisma.sql`
    SELECT unnest("tags") AS "tag", ${kind} AS "kind" FROM ${Prisma.raw(`"${TABLES[prefix]}"`)}
    WHERE ${reachable(self, prefix)}`;
  const counted = (kind: string) => Prisma.sql`(count(*) FILTER (WHERE "kind" = ${kind}))::int`;
  const source = {
    select: Prisma.sql`t."tag", t."runs", t."experiments", t."models"`,
    from: Prisma.sql`(
      SELECT "tag", ${counted('runs')} AS "runs", ${counted('experiments')} AS "experiments",
        ${counted('models')} AS "models"
      FROM (${of('run', 'runs')} UNION ALL ${of('exp', 'experiments')} UNION ALL ${of('model', 'models')}) o
      GROUP BY "tag") t`,
    where: filtered(args.filter ?? {}, TAG_CONDITIONS),
    id: Prisma.sql`t."tag"`,
  };
  return keysetPage(database.pool, args, source, tagSorting(args.order));
}
