import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { newId, type PublicLinkKind } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, LimitReached, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { hashOf, newToken } from '../people/tokens.ts';
import { keysetPage } from '../query/keyset.ts';
import { reportPage } from '../reports/page.ts';
import { type ReportSubject, reportOf } from '../reports/report.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { type LinkListArgs, linkSorting } from './link-filter.ts';
import { linkSource, type ShownLink } from './link-source.ts';

const TOKEN_BYTES = 32;
/** Of a team. */
const MOST = 200;
/** How it is answered, and listed. */
const HIDDEN = { hash: true, page: true, runIds: true } as const;

const packed = promisify(gzip);

interface LinkInput {
  readonly kind: PublicLinkKind;
  readonly id: string | null;
  readonly filter: RunFilter | null;
  readonly expiresAt: Date | null;
}

export function listLinks({ viewer, database }: Context, args: LinkListArgs): Promise<Connection<ShownLink>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, linkSource(self, args.filter ?? {}), linkSorting(args.order));
}

/**
 * Makes a report as things are now readable for anybody who has the link, which is shown once. What is added later is
 * not in it.
 */
export async function createLink({ viewer, database, address }: Context, input: LinkInput) {
  const editor = requireRole(viewer, 'editor');
  const { expiresAt } = input;
  if (expiresAt && expiresAt <= new Date()) throw new FieldError('that time has passed', 'expiresAt');
  const subject = subjectOf(input);
  const report = await reportOf({ viewer, database }, subject);
  if (!report) {
    const empty = subject.kind === 'experiment' ? ', or it has no run yet' : '';
    throw new NotFound(`there is no such ${subject.kind}${empty}`, 'id');
  }
  if (report.runs.length === 0) {
    const field = subject.kind === 'comparison' ? 'filter' : 'id';
    throw new FieldError('none of its runs has finished: there is nothing to share yet', field);
  }
  const { teamId, userId: createdById } = editor;
  const { kind, title } = report;
  const subjectId = subject.kind === 'comparison' ? null : subject.id;
  const runIds = report.runs.map(({ id }) => String(id));
  const page = new Uint8Array(await packed(reportPage(report)));
  const [id, token] = [newId('link'), newToken('', TOKEN_BYTES)];
  return database.prisma.$transaction(async (transaction) => {
    // Of two that come together the second one counts the first.
    await transaction.$queryRaw`SELECT 1 FROM "Team" WHERE "id" = ${teamId} FOR NO KEY UPDATE`;
    if ((await transaction.publicLink.count({ where: { teamId } })) >= MOST) {
      throw new LimitReached(`there are ${MOST} already: revoke one first`);
    }
    const publicLink = await transaction.publicLink.create({
      data: {
        ...{ id, teamId, kind, title, subjectId, runIds, hash: hashOf(token), page },
        ...{ createdById, expiresAt },
      },
      omit: HIDDEN,
    });
    await audit(transaction, editor, 'public-link.create', id, { name: title, kind });
    return { publicLink, link: `${address}/public/${token}` };
  });
}

function subjectOf({ kind, id, filter }: LinkInput): ReportSubject {
  if (kind === 'comparison') {
    if (id !== null) throw new FieldError('a comparison has a filter: leave the id out', 'id');
    return { kind, filter: filter ?? {} };
  }
  if (filter !== null) throw new FieldError('a filter is for a comparison: leave it out', 'filter');
  if (id === null) throw new FieldError(`give the id of the ${kind}`, 'id');
  return { kind, id };
}

/** At once, and permanently. As it was. */
export async function revokeLink({ viewer, database }: Context, id: string): Promise<ShownLink> {
  const editor = requireRole(viewer, 'editor');
  const { teamId } = editor;
  return database.prisma.$transaction(async (transaction) => {
    const link = await transaction.publicLink.findUnique({ where: { id, teamId }, omit: HIDDEN });
    // Of two that do it together one does it.
    const { count } = await transaction.publicLink.deleteMany({ where: { id, teamId } });
    if (!link || count === 0) throw new NotFound('there is no such public link', 'id');
    await audit(transaction, editor, 'public-link.revoke', id, { name: link.title });
    return link;
  });
}
