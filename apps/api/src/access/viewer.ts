import type { Role } from '@espalier/store';
import { graphQLError } from '../errors.ts';

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

/** The one that allows less. */
export function lesserRole(one: Role, other: Role): Role {
  return ORDER[one] < ORDER[other] ? one : other;
}

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
