import { named } from '#src/ui/named.ts';

/** What a member may do, from the least: look, change, manage. */
export const ROLES = named(['viewer', 'editor', 'admin']);

export type Role = (typeof ROLES)[number]['id'];
