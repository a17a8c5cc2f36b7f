import { Prisma } from '@espalier/store';
import { RIGHTS } from '../access/rights.ts';
import { type Asker, hasRight, hasRole, type Viewer } from '../access/viewer.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';

// Who and what of a team is there for whoever asks: lists and nodes use it.

/** Those that the asker is in; a key's is the one that it was made for. */
export function ownTeamsOf({ userId, apiKeyId, teamId }: Asker) {
  const inIt = { memberships: { some: { userId } } };
  return apiKeyId === null || teamId === null ? inIt : { ...inIt, id: teamId };
}

/** Oneself, whom `members` lists, and whom `operators` does; one of these must hold. */
export function knownUsers(viewer: Viewer) {
  const { userId, teamId } = viewer;
  return [
    { id: userId },
    ...(hasRight(viewer, RIGHTS.Query.members) ? [{ memberships: { some: { teamId } } }] : []),
    ...(hasRight(viewer, RIGHTS.Query.operators) ? [{ operator: true }] : []),
  ];
}

/** Of the team. */
export function memberSource({ teamId }: Viewer): Source {
  const id = Prisma.sql`('member_' || m."teamId" || '_' || m."userId")`;
  return {
    select: Prisma.sql`${id} AS "id", m."userId", m."role", m."createdAt"`,
    from: Prisma.sql`"Membership" m`,
    where: Prisma.sql`m."teamId" = ${teamId}`,
    id,
  };
}

/** The viewer's own; an admin's are the team's. The hash of a key stays where it is. */
export function apiKeySource(self: Viewer): Source {
  const { teamId, userId } = self;
  return {
    select: Prisma.sql`k."id", k."name", k."prefix", k."role", k."scopes"::text[], k."projectIds", k."createdAt",
      k."expiresAt", k."lastUsedAt"`,
    from: Prisma.sql`"ApiKey" k`,
    where: every(
      Prisma.sql`k."teamId" = ${teamId} AND k."revokedAt" IS NULL`,
      hasRole(self, 'admin') ? null : Prisma.sql`k."userId" = ${userId}`,
    ),
    id: Prisma.sql`k."id"`,
  };
}

const INVITATION = Object.keys(Prisma.InvitationScalarFieldEnum).filter((name) => name !== 'hash');

/** That can still be accepted. */
export function invitationSource({ teamId }: Viewer): Source {
  return {
    select: columnsOf('i', INVITATION),
    from: Prisma.sql`"Invitation" i`,
    where: Prisma.sql`i."teamId" = ${teamId} AND i."acceptedAt" IS NULL AND i."revokedAt" IS NULL AND i."expiresAt" > now()`,
    id: Prisma.sql`i."id"`,
  };
}
