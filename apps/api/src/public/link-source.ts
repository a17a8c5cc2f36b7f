import { Prisma, type PublicLink } from '@espalier/store';
import type { Viewer } from '../access/viewer.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import { LINK_CONDITIONS, type LinkFilter } from './link-filter.ts';

/** What is told of one: neither what it shows, which is long, nor what is kept of its token. */
export type ShownLink = Omit<PublicLink, 'hash' | 'page' | 'runIds'>;
const SHOWN = Object.keys(Prisma.PublicLinkScalarFieldEnum).filter(
  (name) => !['hash', 'page', 'runIds'].includes(name),
);

/** Of the team, also those that are over. Rows are `l`. */
export function linkSource({ teamId }: Viewer, filter: LinkFilter): Source {
  return {
    select: columnsOf('l', SHOWN),
    from: Prisma.sql`"PublicLink" l`,
    where: every(Prisma.sql`l."teamId" = ${teamId}`, filtered(filter, LINK_CONDITIONS)),
    id: Prisma.sql`l."id"`,
  };
}
