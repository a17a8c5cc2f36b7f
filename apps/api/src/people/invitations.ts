import { type Invitation, newId, type Role, type Team, type Transaction } from '@espalier/store';
import { countWrongToken } from '../access/limits.ts';
import { requireMember, requireSession } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound, Taken } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage, narrowed } from '../query/keyset.ts';
import { checkedEmail } from './account.ts';
import { INVITATION_CONDITIONS, type InvitationListArgs, invitationSorting } from './people-filters.ts';
import { invitationSource } from './people-reach.ts';
import { lookAt } from './teams.ts';
import { hashOf, newToken } from './tokens.ts';

const GOOD_FOR_MS = 7 * 24 * 60 * 60_000;
export const FOR_ANOTHER = 'the invitation is for another e-mail address';
const GONE =
  'there is no such invitation: it was used or revoked, or is older than 7 days; ask for another one';

/** What is told of one. */
export type ShownInvitation = Omit<Invitation, 'hash'>;

/** Those that can still be accepted. */
export function listInvitations(
  { viewer, database }: Context,
  args: InvitationListArgs,
): Promise<Connection<ShownInvitation>> {
  const all = invitationSource(requireMember(viewer, 'admin'));
  const source = narrowed(all, filtered(args.filter ?? {}, INVITATION_CONDITIONS));
  return keysetPage(database.pool, args, source, invitationSorting(args.order));
}

/** A link for somebody with the address, or for anybody who has the link, once. It is shown once. */
export async function inviteMember(
  { viewer, database, address }: Context,
  input: { readonly email: string | null; readonly role: Role },
) {
  const admin = requireMember(viewer, 'admin');
  const email = input.email === null ? null : checkedEmail(input.email);
  const { role } = input;
  const { teamId, userId: invitedById } = admin;
  const [id, token] = [newId('invite'), newToken()];
  return database.prisma.$transaction(async (transaction) => {
    if (email !== null && (await transaction.membership.count({ where: { teamId, user: { email } } })) > 0) {
      throw new Conflict('that is a member already', 'email');
    }
    const expiresAt = new Date(Date.now() + GOOD_FOR_MS);
    const invitation = await transaction.invitation.create({
      data: { id, teamId, email, role, hash: hashOf(token), invitedById, expiresAt },
    });
    await audit(transaction, admin, 'invitation.create', id, { email, role });
    return { invitation, link: `${address}/invitation?token=${token}` };
  });
}

/** As it was. */
export async function revokeInvitation({ viewer, database }: Context, id: string): Promise<ShownInvitation> {
  const admin = requireMember(viewer, 'admin');
  return database.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.invitation.updateMany({
      where: { id, teamId: admin.teamId, ...open() },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new NotFound('there is no such invitation', 'id');
    await audit(transaction, admin, 'invitation.revoke', id);
    return transaction.invitation.findUniqueOrThrow({ where: { id }, omit: { hash: true } });
  });
}

/** Whoever is signed in joins, and looks at the team. */
export async function acceptInvitation({ viewer, database, peer }: Context, token: string): Promise<Team> {
  const { userId, email, sessionId } = requireSession(viewer);
  if (!(await findInvitation(database.prisma, token))) {
    await countWrongToken(database.prisma, peer);
    throw new NotFound(GONE, 'token');
  }
  return database.prisma.$transaction(async (transaction) => {
    const { emailSince } = await transaction.user.findUniqueOrThrow({ where: { id: userId } });
    const { teamId } = await join(transaction, token, { id: userId, email, emailSince });
    await lookAt(transaction, sessionId, teamId);
    return transaction.team.findUniqueOrThrow({ where: { id: teamId } });
  });
}

/** Nobody's address is verified, so whoever took one after it was invited may be anybody. */
const TAKEN_SINCE =
  'the invitation is older than your use of this e-mail address: ask for another one, or sign up with it';

/**
 * Spends an invitation: the user becomes a member.
 *
 * @param user since when the address is theirs; null for whoever signs up with it by this very link
 * @throws {FieldError} for one that is over, for somebody else, or to a team that the user is in
 */
export async function join(
  transaction: Transaction,
  token: string,
  user: { readonly id: string; readonly email: string; readonly emailSince: Date | null },
): Promise<Invitation> {
  // Of two that come with the same link the second one waits here, and finds it spent.
  const { count } = await transaction.invitation.updateMany({
    where: { hash: hashOf(token), ...open() },
    data: { acceptedAt: new Date() },
  });
  if (count === 0) throw new NotFound(GONE, 'token');
  const invitation = await transaction.invitation.findUniqueOrThrow({ where: { hash: hashOf(token) } });
  const { id, teamId, role } = invitation;
  if (invitation.email !== null && invitation.email !== user.email) {
    throw new FieldError(FOR_ANOTHER, 'email');
  }
  if (invitation.email !== null && user.emailSince && user.emailSince > invitation.createdAt) {
    throw new Taken(TAKEN_SINCE, 'email');
  }
  const key = { teamId, userId: user.id };
  const { count: joined } = await transaction.membership.createMany({
    data: { ...key, role },
    skipDuplicates: true,
  });
  if (joined === 0) throw new Conflict('you are a member of this team already', 'token');
  await audit(transaction, { ...key, apiKeyId: null }, 'invitation.accept', id, { role });
  return invitation;
}

/** What an invitation is to, for whoever has it; null for one that is over. */
export async function findInvitation(
  prisma: Pick<Transaction, 'invitation'>,
  token: string,
): Promise<{ team: string; role: Role; email: string | null } | null> {
  const found = await prisma.invitation.findFirst({
    where: { hash: hashOf(token), ...open() },
    include: { team: true },
  });
  return found && { team: found.team.name, role: found.role, email: found.email };
}

function open() {
  return { acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } } as const;
}
