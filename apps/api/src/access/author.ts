import type { Author } from '@espalier/runs';
import type { Viewer } from './viewer.ts';

export const AUTHOR_RULE =
  'Who made it; null if it was made before this was kept, or if they no longer have an account.';
export const KEY_RULE =
  'The name of the API key that it was made with, at that time; null if somebody who was signed in made it, or if it was made before this was kept.';

/** As rows keep who made them. The key's name is the one it has now: keys come and go. */
export function authorOf({ userId, apiKeyName }: Pick<Viewer, 'userId' | 'apiKeyName'>): Author {
  return { createdById: userId, createdByKey: apiKeyName };
}
