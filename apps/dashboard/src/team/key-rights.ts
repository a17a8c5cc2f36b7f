import { wordOf } from '#src/graphql/enum-words.ts';
import type { Role } from './roles.ts';

export type Scope = 'READ' | 'RUN' | 'PRODUCE' | 'PRODUCER' | 'ADMINISTER';

/** What a key may be given beside reading, with the role that it takes. */
const SCOPES = [
  { id: 'RUN', name: 'run', what: 'start, cancel and retry runs and benchmarks', role: 'EDITOR' },
  {
    id: 'PRODUCE',
    name: 'write',
    what: 'upload, register, create, rename, annotate and delete',
    role: 'EDITOR',
  },
  {
    id: 'PRODUCER',
    name: 'import only',
    what: 'import results into one project, and nothing else: choose the project under “In all projects”',
    role: 'EDITOR',
  },
  {
    id: 'ADMINISTER',
    name: 'administer',
    what: 'purge, read the audit log, manage webhooks, rename the team; never keys, invitations, roles or accounts',
    role: 'ADMIN',
  },
] as const;

const ORDER: Readonly<Record<Role, number>> = { VIEWER: 0, EDITOR: 1, ADMIN: 2 };

export function scopesFor(role: Role) {
  return SCOPES.filter((scope) => ORDER[scope.role] <= ORDER[role]);
}

function scopeName(scope: Scope): string {
  return SCOPES.find(({ id }) => id === scope)?.name ?? wordOf(scope);
}

/** How long a key may be good, by days; none: until it is revoked. */
export const LASTING = [
  { id: '7', name: '7 days' },
  { id: '30', name: '30 days' },
  { id: '90', name: '90 days' },
  { id: '365', name: 'a year' },
  { id: '', name: 'until revoked' },
] as const;

const DAY_MS = 86_400_000;

export function lastsUntil(days: string, now = Date.now()): string | null {
  return days === '' ? null : new Date(now + Number(days) * DAY_MS).toISOString();
}

/**
 * "read, run in 2 projects"
 *
 * @param projects null where it is not limited to some
 */
export function rightsWords(scopes: readonly Scope[], projects: number | null): string {
  const where = projects === null ? '' : projects === 1 ? ' in 1 project' : ` in ${projects} projects`;
  return `${scopes.map(scopeName).join(', ') || 'nothing'}${where}`;
}
