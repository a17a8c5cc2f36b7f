import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey, PrismaClient, Role, User } from '@espalier/store';
import { fromNodeHeaders } from 'better-auth/node';
import { note } from '../audit/noted.ts';
import { hashOf, KEY_START } from '../people/tokens.ts';
import type { Auth } from './auth.ts';
import { countWrongKey, peerOf } from './limits.ts';
import { type Asker, lesserRole, type Viewer } from './viewer.ts';

/** The last use of a key is noted this often. */
const USE_INTERVAL_MS = 60_000;

/**
 * Who asks: by the key of the Authorization header, or else by the session of the cookie; null for nobody.
 *
 * @throws {TooMany} to an address that shows many keys that there are not
 */
export async function authenticate(
  prisma: PrismaClient,
  auth: Auth,
  headers: IncomingHttpHeaders,
): Promise<Asker | null> {
  // Who shows a key means the key, whatever cookies there are.
  if (headers.authorization !== undefined) return viewerOfKey(prisma, headers, headers.authorization);
  return headers.cookie === undefined ? null : viewerOfSession(prisma, auth, headers);
}

/** Whether who began to read a stream may still read it. */
export async function mayStillRead(prisma: PrismaClient, viewer: Viewer, operator = false): Promise<boolean> {
  const { userId, teamId, apiKeyId, sessionId } = viewer;
  const later = { gt: new Date() };
  const key = { id: apiKeyId ?? '', revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: later }] };
  const session = { id: sessionId ?? '', expiresAt: later };
  const shown = apiKeyId === null ? { sessions: { some: session } } : { apiKeys: { some: key } };
  const user = { ...shown, ...(operator ? { operator } : {}) };
  return (await prisma.membership.count({ where: { userId, teamId, user } })) > 0;
}

/** A key, whose it is, and what that person may do in its team by now; null for nobody of the team any more. */
type KeyRow = Pick<ApiKey, 'id' | 'teamId' | 'userId' | 'role' | 'scopes' | 'projectIds'> &
  Pick<ApiKey, 'expiresAt' | 'lastUsedAt' | 'revokedAt'> &
  Pick<User, 'name' | 'email' | 'operator'> & {
    readonly memberRole: Role | null;
    readonly apiKeyName: string;
  };

/** null for a key that is missing, unknown, expired or revoked. */
async function viewerOfKey(
  prisma: PrismaClient,
  headers: IncomingHttpHeaders,
  header: string,
): Promise<Viewer | null> {
  const key = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  if (!key?.startsWith(KEY_START)) return null;
  const now = new Date();
  // One statement: each request begins with it.
  const [found] = await prisma.$queryRaw<KeyRow[]>`
    SELECT k."id", k."teamId", k."userId", k."role"::text, k."scopes"::text[], k."projectIds", k."expiresAt",
      k."lastUsedAt", k."revokedAt", k."name" AS "apiKeyName", u."name", u."email", u."operator", m."role"::text AS "memberRole"
    FROM "ApiKey" k JOIN "User" u ON u."id" = k."userId"
    LEFT JOIN "Membership" m ON m."userId" = k."userId" AND m."teamId" = k."teamId"
    WHERE k."hash" = ${hashOf(key)}`;
  if (!found) await countWrongKey(prisma, peerOf(headers));
  if (!found || found.revokedAt || (found.expiresAt && found.expiresAt < now)) return null;
  const { teamId, userId, name, email, scopes, memberRole, apiKeyName } = found;
  if (memberRole === null) return null;
  if (now.getTime() - (found.lastUsedAt?.getTime() ?? 0) > USE_INTERVAL_MS) {
    await prisma.apiKey.update({ where: { id: found.id }, data: { lastUsedAt: now } });
  }
  await noteKeyUse(prisma, found, peerOf(headers));
  // A key never allows more than its owner may by now.
  const role = lesserRole(found.role, memberRole);
  const projectIds = found.projectIds.length > 0 ? found.projectIds : null;
  const operator = found.operator && scopes.includes('administer') && projectIds === null;
  const own = { apiKeyId: found.id, apiKeyName, sessionId: null, scopes, projectIds, operator };
  return { userId, name, email, teamId, role, ...own };
}

/** Known to be in the audit log: of each key and address once per day. */
const noted = new Set<string>();
const MOST_NOTED = 10_000;

async function noteKeyUse(prisma: PrismaClient, { id, teamId }: KeyRow, address: string): Promise<void> {
  const use = `${id} ${address} ${new Date().toISOString().slice(0, 10)}`;
  if (noted.has(use)) return;
  if (noted.size >= MOST_NOTED) noted.clear();
  noted.add(use);
  await note(prisma, {
    teamId,
    actor: id,
    action: 'api-key.use',
    subject: id,
    data: { address },
    once: 'day',
  });
}

/** null for a cookie that is wrong, or whose session is over. */
async function viewerOfSession(
  prisma: PrismaClient,
  auth: Auth,
  headers: IncomingHttpHeaders,
): Promise<Asker | null> {
  // Sessions are prolonged where the answer can set the cookie again: GET /auth/get-session.
  const open = await auth.api.getSession({
    headers: fromNodeHeaders(headers),
    query: { disableRefresh: true },
  });
  if (!open) return null;
  const userId = open.user.id;
  const teamId = open.session.activeTeamId ?? '';
  const user = await prisma.user.findUnique({
    where: { id: userId },
    include: { memberships: { where: { teamId } } },
  });
  if (!user) return null;
  const { memberships, name, email, operator } = user;
  const whole = { apiKeyId: null, apiKeyName: null, scopes: null, projectIds: null };
  const person = { userId, name, email, operator, sessionId: open.session.id, ...whole };
  const [membership] = memberships;
  if (!membership) return { ...person, teamId: null, role: null };
  return { ...person, teamId: membership.teamId, role: membership.role };
}
