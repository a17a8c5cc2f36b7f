import type { KeyScope, Role } from '@espalier/store';
import { graphQLError } from '../errors.ts';

interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** The key that was shown; null for somebody who is signed in. */
  readonly apiKeyId: string | null;
  /** Its name; null for somebody who is signed in. */
  readonly apiKeyName: string | null;
  /** The session that is open; null for a key. */
  readonly sessionId: string | null;
  /** What a key may do; null for somebody who is signed in: all that the role allows. */
  readonly scopes: readonly KeyScope[] | null;
  /** Outside of these there is nothing for the key; null if it is not limited. */
  readonly projectIds: readonly string[] | null;
  /** Whether the whole installation is theirs to run. */
  readonly operator: boolean;
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

/** What something takes. */
export interface Right {
  /** In the team; null for what somebody in no team may, too. */
  readonly role: Role | null;
  /** The scope of a key; `session` for what no key may, however much it may else. */
  readonly by: KeyScope | 'session';
  /** Concerns the whole team, so that a key which is limited to projects may not. */
  readonly whole?: boolean;
  /** Concerns the whole installation. */
  readonly operator?: boolean;
}

export const UNKNOWN = 'sign in, or give an API key: Authorization: Bearer esp_...';
const NO_SESSION = 'this takes signing in, a key is not enough';
const NO_OPERATOR = 'this concerns the whole installation: it needs an operator';
const NO_TEAM = 'you are in no team: accept an invitation, or make a team';
const tooLittle = (wanted: Role, own: Role | null) => `this needs the role ${wanted}, yours is ${own}`;

const ORDER: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2 };

/** The one that allows less. */
export function lesserRole(one: Role, other: Role): Role {
  return ORDER[one] < ORDER[other] ? one : other;
}

export function hasRole({ role }: Pick<Asker, 'role'>, wanted: Role): boolean {
  return role !== null && ORDER[role] >= ORDER[wanted];
}

/** Whether {@link requireRight} would let through. */
export function hasRight(asker: Asker, right: Right): boolean {
  return missing(asker, right) === null;
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer, FORBIDDEN with less than is wanted */
export function requireRight(viewer: Asker | null, right: Right): Asker {
  const asker = requireAsker(viewer);
  const lack = missing(asker, right);
  if (lack !== null) throw graphQLError('FORBIDDEN', lack);
  return asker;
}

/** Whoever may change what is there may append to it, too. */
function allows(scopes: readonly KeyScope[], by: KeyScope): boolean {
  return scopes.includes(by) || (by === 'producer' && scopes.includes('produce'));
}

/** What somebody lacks, in words; null if nothing is. */
export function missing(asker: Asker, { role, by, whole = false, operator = false }: Right): string | null {
  const { scopes, projectIds } = asker;
  if (by === 'session' && asker.sessionId === null) return NO_SESSION;
  if (role !== null && asker.role === null) return NO_TEAM;
  if (role !== null && !hasRole(asker, role)) return tooLittle(role, asker.role);
  if (by !== 'session' && scopes && !allows(scopes, by)) {
    return `this takes a key with the scope ${by}, yours has ${scopes.join(', ') || 'none'}`;
  }
  if (whole && projectIds) return 'this concerns the whole team, and your key is limited to projects';
  if (operator && !asker.operator) return NO_OPERATOR;
  return null;
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer, FORBIDDEN with less than `wanted` */
export function requireRole(viewer: Asker | null, wanted: Role): Viewer {
  const asker = requireAsker(viewer);
  if (asker.role === null) throw graphQLError('FORBIDDEN', NO_TEAM);
  if (!hasRole(asker, wanted)) throw graphQLError('FORBIDDEN', tooLittle(wanted, asker.role));
  return asker;
}

/** @throws {GraphQLError} UNAUTHENTICATED without a viewer */
export function requireAsker(viewer: Asker | null): Asker {
  if (!viewer) {
    throw graphQLError('UNAUTHENTICATED', UNKNOWN);
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
  if (sessionId === null) throw graphQLError('FORBIDDEN', NO_SESSION);
  return { ...asker, sessionId };
}

/** @throws {GraphQLError} FORBIDDEN for whoever does not run the installation */
export function requireOperator(viewer: Asker | null): Viewer {
  const asker = requireRole(viewer, 'viewer');
  if (!asker.operator) throw graphQLError('FORBIDDEN', NO_OPERATOR);
  return asker;
}

/** A member who is signed in: keys make no keys and let nobody in. */
export function requireMember(viewer: Asker | null, wanted: Role): Viewer {
  requireSession(viewer);
  return requireRole(viewer, wanted);
}
