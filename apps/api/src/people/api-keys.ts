import { type ApiKey, KeyScope, newId, type PrismaClient, type Role } from '@espalier/store';
import { hasRole, requireMember } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { filtered } from '../query/conditions.ts';
import { keysetPage, narrowed } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { KEY_CONDITIONS, type KeyListArgs, keySorting } from './people-filters.ts';
import { apiKeySource } from './people-reach.ts';
import { hashOf, KEY_START, newToken } from './tokens.ts';

/** How much of a key is kept readable. */
const PREFIX_LENGTH = 10;
const MOST_PROJECTS = 100;

/** The role that a scope needs, and the scopes that a role allows with those before it. */
const ROLE_OF = {
  read: 'viewer',
  run: 'editor',
  produce: 'editor',
  producer: 'editor',
  administer: 'admin',
} as const satisfies Record<KeyScope, Role>;

export interface NewKey {
  readonly name: string;
  readonly role: Role;
  /** Default: all that the role allows. */
  readonly scopes?: readonly KeyScope[];
  /** Default: all of the team. */
  readonly projectIds?: readonly string[];
  readonly expiresAt?: Date | null;
}

/** The key is shown once. */
export async function createApiKey(
  prisma: Pick<PrismaClient, 'apiKey'>,
  owner: { readonly teamId: string; readonly userId: string },
  { name, role, scopes = scopesOf(role), projectIds = [], expiresAt = null }: NewKey,
) {
  const key = newToken(KEY_START);
  const id = newId('key');
  const prefix = key.slice(0, PREFIX_LENGTH);
  const may = { role, scopes: [...scopes], projectIds: [...projectIds] };
  await prisma.apiKey.create({ data: { id, ...owner, name, ...may, prefix, hash: hashOf(key), expiresAt } });
  return { id, key };
}

/** What is told of a key. */
type ShownKey = Omit<ApiKey, 'hash' | 'teamId' | 'userId' | 'revokedAt'>;

/** The viewer's own keys; an admin sees the team's. */
export function listApiKeys({ viewer, database }: Context, args: KeyListArgs): Promise<Connection<ShownKey>> {
  const all = apiKeySource(requireMember(viewer, 'viewer'));
  const source = narrowed(all, filtered(args.filter ?? {}, KEY_CONDITIONS));
  return keysetPage(database.pool, args, source, keySorting(args.order));
}

interface KeyInput {
  readonly name: string;
  readonly role: Role | null;
  readonly scopes: readonly KeyScope[] | null;
  readonly projectIds: readonly string[] | null;
  readonly expiresAt: Date | null;
}

/** A key for the viewer, with at most the viewer's own role. */
export async function addApiKey({ viewer, database }: Context, input: KeyInput) {
  const self = requireMember(viewer, 'viewer');
  const name = checkedName(input.name);
  const { role, scopes } = rightsOf(input);
  if (!hasRole(self, role)) {
    throw new FieldError(`your role is ${self.role}`, input.role === null ? 'scopes' : 'role');
  }
  const { expiresAt } = input;
  if (expiresAt && expiresAt <= new Date()) throw new FieldError('that time has passed', 'expiresAt');
  const { teamId, userId } = self;
  return database.prisma.$transaction(async (transaction) => {
    const projectIds = input.projectIds && [...new Set(input.projectIds)];
    if (scopes.includes('producer') && projectIds?.length !== 1) {
      throw new FieldError('a key with the scope producer is for one project: name it', 'projectIds');
    }
    if (projectIds) {
      if (projectIds.length === 0 || projectIds.length > MOST_PROJECTS) {
        throw new FieldError(`name 1 to ${MOST_PROJECTS} projects, or none at all`, 'projectIds');
      }
      const where = { id: { in: projectIds }, teamId, deletedAt: null };
      const found = await transaction.project.count({ where });
      if (found < projectIds.length) throw new NotFound('there is no such project', 'projectIds');
    }
    const limit = projectIds ? { projectIds } : {};
    const made = await createApiKey(
      transaction,
      { teamId, userId },
      { name, role, scopes, ...limit, expiresAt },
    );
    await audit(transaction, self, 'api-key.create', made.id, { name, role, scopes, ...limit });
    const apiKey = await transaction.apiKey.findUniqueOrThrow({
      where: { id: made.id },
      omit: { hash: true },
    });
    return { apiKey, key: made.key };
  });
}

/**
 * What is left out follows: the scopes are all that the role allows, the role is the least that the scopes need. A key
 * that changes something is told what it changed: to read belongs to every key.
 */
function rightsOf(input: Pick<KeyInput, 'role' | 'scopes'>): { role: Role; scopes: KeyScope[] } {
  if (input.scopes === null) {
    const { role } = input;
    return { role: role ?? 'viewer', scopes: scopesOf(role ?? 'viewer') };
  }
  const wanted = new Set<KeyScope>(['read', ...input.scopes]);
  const scopes = Object.values(KeyScope).filter((scope) => wanted.has(scope));
  const least = ROLE_OF[scopes.at(-1) ?? 'read'];
  const role = input.role ?? least;
  if (!hasRole({ role }, least)) {
    throw new FieldError(`the scope ${scopes.at(-1)} takes a key of the role ${least}`, 'scopes');
  }
  return { role, scopes };
}

/** Without `producer`, which allows no more than `produce` does and is for one project. */
function scopesOf(role: Role): KeyScope[] {
  return Object.values(KeyScope).filter((scope) => scope !== 'producer' && hasRole({ role }, ROLE_OF[scope]));
}

/** As it was. */
export async function revokeApiKey({ viewer, database }: Context, id: string): Promise<Omit<ApiKey, 'hash'>> {
  const self = requireMember(viewer, 'viewer');
  const { teamId, userId } = self;
  const own = hasRole(self, 'admin') ? {} : { userId };
  return database.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.apiKey.updateMany({
      where: { id, teamId, revokedAt: null, ...own },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new NotFound('there is no such key', 'id');
    await audit(transaction, self, 'api-key.revoke', id);
    return transaction.apiKey.findUniqueOrThrow({ where: { id }, omit: { hash: true } });
  });
}
