import { address, one, type SearchParams } from '#src/lists/address.ts';

/** The lists of the team's page, by their names in the address. */
export const TEAM_LISTS = {
  members: 'members',
  invitations: 'invitations',
  keys: 'API keys',
  links: 'public links',
  audit: 'the audit log',
} as const;
export type TeamList = keyof typeof TEAM_LISTS;

/** Whose entries of the audit log are shown, by the id of the user, and a text in their actions; both empty for all. */
interface AuditChoice {
  readonly who: string;
  readonly did: string;
}

/** What the page of each list begins behind; empty for its first one. */
export type TeamPages = Readonly<Record<TeamList, string>> & AuditChoice;

export function readTeamPages(params: SearchParams): TeamPages {
  const names = [...(Object.keys(TEAM_LISTS) as TeamList[]), 'who', 'did'] as const;
  return Object.fromEntries(names.map((name) => [name, one(params, name)])) as unknown as TeamPages;
}

/** Where the other lists are, in the address. */
export function othersThan(list: TeamList, pages: TeamPages): URLSearchParams {
  return address({ ...pages, [list]: '' });
}

/** Another choice of entries begins at the latest one. */
export function withAudit(choice: Partial<AuditChoice>, pages: TeamPages): URLSearchParams {
  return othersThan('audit', { ...pages, ...choice });
}

/** As the API filters the audit log; null where nothing is chosen. */
export function auditFilter({ who, did }: AuditChoice) {
  if (!who && !did) return null;
  return { ...(who ? { actor: { in: [who] } } : {}), ...(did ? { text: did } : {}) };
}
