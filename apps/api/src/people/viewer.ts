import { createHash, randomBytes } from 'node:crypto';
import { newId, type PrismaClient, type Role } from '@espalier/store';
import { graphQLError } from '../errors.ts';

/** Who asks, and for which team. */
export interface Viewer {
  readonly userId: string;
  readonly teamId: string;
  readonly role: Role;
  /** The key that was shown. */
  readonly apiKeyId: string;
}

const ORDER: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2 };
const KEY_START = 'esp_';
/** How much of a key is kept readable. */
const PREFIX_LENGTH = 10;
/** The last use of a key is noted this often. */
const USE_INTERVAL_MS = 60_000;

export function hasRole({ role }: Viewer, wanted: Role): boolean {
  return ORDER[role] >= ORDER[wanted];
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer, FORBIDDEN with less than `wanted` */
export function requireRole(viewer: Viewer | null, wanted: Role): Viewer {
  if (!viewer) throw graphQLError('UNAUTHENTICATED', 'give an API key: Authorization: Bearer esp_...');
  if (!hasRole(viewer, wanted)) {
    throw graphQLError('FORBIDDEN', `this takes the role ${wanted}, yours is ${viewer.role}`);
  }
  return viewer;
}

/** The viewer behind an Authorization header; null for one that is missing, unknown, expired or revoked. */
export async function authenticate(prisma: PrismaClient, header: string | undefined): Promise<Viewer | null> {
  const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (!key?.startsWith(KEY_START)) return null;
  const now = new Date();
  const found = await prisma.apiKey.findUnique({
    where: { hash: hashOf(key) },
    include: { user: { include: { memberships: true } } },
  });
  if (!found || found.revokedAt || (found.expiresAt && found.expiresAt < now)) return null;
  const membership = found.user.memberships.find(({ teamId }) => teamId === found.teamId);
  if (!membership) return null;
  if (now.getTime() - (found.lastUsedAt?.getTime() ?? 0) > USE_INTERVAL_MS) {
    await prisma.apiKey.update({ where: { id: found.id }, data: { lastUsedAt: now } });
  }
  // A key never allows more than its owner may by now.
  const role = ORDER[found.role] < ORDER[membership.role] ? found.role : membership.role;
  return { userId: found.userId, teamId: found.teamId, role, apiKeyId: found.id };
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
  const key = `${KEY_START}${randomBytes(24).toString('base64url')}`;
  const id = newId('key');
  const prefix = key.slice(0, PREFIX_LENGTH);
  await prisma.apiKey.create({
    data: { id, ...owner, name, role, prefix, hash: hashOf(key), expiresAt: expiresAt ?? null },
  });
  return { id, key };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
