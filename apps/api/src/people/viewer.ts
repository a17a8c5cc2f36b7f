import type { IncomingHttpHeaders } from 'node:http';
import { newId, type PrismaClient, type Role } from '@espalier/store';
import { fromNodeHeaders } from 'better-auth/node';
import type { Auth } from '../access/auth.ts';
import { graphQLError } from '../errors.ts';
import { hashOf, newToken } from './tokens.ts';

interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** The key that was shown; null for somebody who is signed in. */
  readonly apiKeyId: string | null;
  /** The session that is open; null for a key. */
  readonly sessionId: string | null;
}

/** Who asks, and for which team. */
export interface Viewer extends Person {
  readonly teamId: string;
  readonly role: Role;
}

/** Somebody who is signed in and in no team. */
interface Teamless extends Person {
  readonly teamId: null;
  readonly role: null;
}

export type Asker = Viewer | Teamless;

const ORDER: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2 };
const KEY_START = 'esp_';
/** How much of a key is kept readable. */
const PREFIX_LENGTH = 10;
/** The last use of a key is noted this often. */
const USE_INTERVAL_MS = 60_000;

export function hasRole({ role }: Asker, wanted: Role): boolean {
  return role !== null && ORDER[role] >= ORDER[wanted];
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer, FORBIDDEN with less than `wanted` */
export function requireRole(viewer: Asker | null, wanted: Role): Viewer {
  const asker = requireAsker(viewer);
  if (asker.role === null) {
    throw graphQLError('FORBIDDEN', 'you are in no team: accept an invitation, or make a team');
  }
  if (!hasRole(asker, wanted)) {
    throw graphQLError('FORBIDDEN', `this takes the role ${wanted}, yours is ${asker.role}`);
  }
  return asker;
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer */
export function requireAsker(viewer: Asker | null): Asker {
  if (!viewer) {
    throw graphQLError('UNAUTHENTICATED', 'sign in, or give an API key: Authorization: Bearer esp_...');
  }
  return viewer;
}

/**
 * For what is about a person, not about what a team's key may do.
 *
 * @throws {GraphQLError} UNAUTHENTICATED without a viewer, FORBIDDEN with a key
 */
export function requireSession(viewer: Asker | null): Asker & { readonly sessionId: string } {
  const asker = requireAsker(viewer);
  const { sessionId } = asker;
  if (sessionId === null) throw graphQLError('FORBIDDEN', 'this takes signing in, a key is not enough');
  return { ...asker, sessionId };
}

/** Who asks: by the key of the Authorization header, or else by the session of the cookie; null for nobody. */
export async function authenticate(
  prisma: PrismaClient,
  auth: Auth,
  headers: IncomingHttpHeaders,
): Promise<Asker | null> {
  // Who shows a key means the key, whatever cookies there are.
  if (headers.authorization !== undefined) return viewerOfKey(prisma, headers.authorization);
  return headers.cookie === undefined ? null : viewerOfSession(prisma, auth, headers);
}

/** Whether who began to read a stream may still read it. */
export async function mayStillRead(prisma: PrismaClient, viewer: Viewer): Promise<boolean> {
  const { userId, teamId, apiKeyId, sessionId } = viewer;
  const later = { gt: new Date() };
  const key = { id: apiKeyId ?? '', revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: later }] };
  const session = { id: sessionId ?? '', expiresAt: later };
  const user = apiKeyId === null ? { sessions: { some: session } } : { apiKeys: { some: key } };
  return (await prisma.membership.count({ where: { userId, teamId, user } })) > 0;
}

/** null for a key that is missing, unknown, expired or revoked. */
async function viewerOfKey(prisma: PrismaClient, header: string): Promise<Viewer | null> {
  const key = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  if (!key?.startsWith(KEY_START)) return null;
  const now = new Date();
  const found = await prisma.apiKey.findUnique({
    where: { hash: hashOf(key) },
    include: { user: { include: { memberships: true } } },
  });
  if (!found || found.revokedAt || (found.expiresAt && found.expiresAt < now)) return null;
  const { user, teamId } = found;
  const membership = user.memberships.find((one) => one.teamId === teamId);
  if (!membership) return null;
  if (now.getTime() - (found.lastUsedAt?.getTime() ?? 0) > USE_INTERVAL_MS) {
    await prisma.apiKey.update({ where: { id: found.id }, data: { lastUsedAt: now } });
  }
  // A key never allows more than its owner may by now.
  const role = ORDER[found.role] < ORDER[membership.role] ? found.role : membership.role;
  const { id: userId, name, email } = user;
  return { userId, name, email, teamId, role, apiKeyId: found.id, sessionId: null };
}

/** null for a cookie that is wrong, or whose session is over. */
async function viewerOfSession(
  prisma: PrismaClient,
  auth: Auth,
  headers: IncomingHttpHeaders,
): Promise<Asker | null> {
  // Sessions are prolonged where the answer can set the cookie anew: GET /auth/get-session.
  const open = await auth.api.getSession({
    headers: fromNodeHeaders(headers),
    query: { disableRefresh: true },
  });
  if (!open) return null;
  const { id: userId, name, email } = open.user;
  const person = { userId, name, email, apiKeyId: null, sessionId: open.session.id };
  const teamId = open.session.activeTeamId ?? null;
  const membership =
    teamId === null
      ? null
      : await prisma.membership.findUnique({ where: { teamId_userId: { teamId, userId } } });
  if (!membership) return { ...person, teamId: null, role: null };
  return { ...person, teamId: membership.teamId, role: membership.role };
}

export interface NewApiKey {
  readonly id: string;
  /** Shown once. */
  readonly key: string;
}

export async function createApiKey(
  prisma: Pick<PrismaClient, 'apiKey'>,
  owner: { readonly teamId: string; readonly userId: string },
  { name, role, expiresAt }: { readonly name: string; readonly role: Role; readonly expiresAt?: Date | null },
): Promise<NewApiKey> {
  const key = newToken(KEY_START);
  const id = newId('key');
  const prefix = key.slice(0, PREFIX_LENGTH);
  await prisma.apiKey.create({
    data: { id, ...owner, name, role, prefix, hash: hashOf(key), expiresAt: expiresAt ?? null },
  });
  return { id, key };
}
