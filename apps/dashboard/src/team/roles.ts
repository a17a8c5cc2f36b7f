import { wordOf } from '#src/graphql/enum-words.ts';

/** What a member may do, from the least: look, change, manage. */
export const ROLES = (['VIEWER', 'EDITOR', 'ADMIN'] as const).map((id) => ({ id, name: wordOf(id) }));

export type Role = (typeof ROLES)[number]['id'];
