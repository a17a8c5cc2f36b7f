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

/** What the page of each list begins behind; empty for its first one. */
export type TeamPages = Readonly<Record<TeamList, string>>;

export function readTeamPages(params: SearchParams): TeamPages {
  const names = Object.keys(TEAM_LISTS) as TeamList[];
  return Object.fromEntries(names.map((name) => [name, one(params, name)])) as Record<TeamList, string>;
}

/** Where the other lists are, in the address. */
export function othersThan(list: TeamList, pages: TeamPages): URLSearchParams {
  return address({ ...pages, [list]: '' });
}
