import { type ApiKey, newId, type PrismaClient, type Role } from '@espalier/store';
import { hasRole, requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { checkedName } from '../validation.ts';
import { hashOf, KEY_START, newToken } from './tokens.ts';

/** How much of a key is kept readable. */
const PREFIX_LENGTH = 10;

/** The key is shown once. */
export async function createApiKey(
  prisma: Pick<PrismaClient, 'apiKey'>,
  owner: { readonly teamId: string; readonly userId: string },
  { name, role, expiresAt }: { readonly name: string; readonly role: Role; readonly expiresAt?: Date | null },
) {
  const key = newToken(KEY_START);
  const id = newId('key');
  const prefix = key.slice(0, PREFIX_LENGTH);
  await prisma.apiKey.create({
    data: { id, ...owner, name, role, prefix, hash: hashOf(key), expiresAt: expiresAt ?? null },
  });
  return { id, key };
}

/** The viewer's own keys; an admin sees the team's. */
export async function listApiKeys({ viewer, database }: Context): Promise<ApiKey[]> {
  const self = requireRole(viewer, 'viewer');
  const { teamId, userId } = self;
  return database.prisma.apiKey.findMany({
    where: { teamId, revokedAt: null, ...(hasRole(self, 'admin') ? {} : { userId }) },
    orderBy: { id: 'desc' },
  });
}

/** A key for the viewer, with at most the viewer's own role. */
export async function addApiKey(
  { viewer, database }: Context,
  input: { readonly name: string; readonly role: Role; readonly expiresAt?: Date | null },
) {
  const self = requireRole(viewer, 'viewer');
  const name = checkedName(input.name);
  if (!hasRole(self, input.role)) throw new FieldError(`your role is ${self.role}`, 'role');
  if (input.expiresAt && input.expiresAt <= new Date())
    throw new FieldError('that time is over', 'expiresAt');
  const { teamId, userId } = self;
  return database.prisma.$transaction(async (transaction) => {
    const made = await createApiKey(transaction, { teamId, userId }, { ...input, name });
    await audit(transaction, self, 'api-key.create', made.id, { name });
    return made;
  });
}

export async function revokeApiKey({ viewer, database }: Context, id: string): Promise<{ id: string }> {
  const self = requireRole(viewer, 'viewer');
  const { teamId, userId } = self;
  const own = hasRole(self, 'admin') ? {} : { userId };
  return database.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.apiKey.updateMany({
      where: { id, teamId, revokedAt: null, ...own },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new FieldError('there is no such key', 'id');
    await audit(transaction, self, 'api-key.revoke', id);
    return { id };
  });
}
