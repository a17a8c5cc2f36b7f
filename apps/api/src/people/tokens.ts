import { createHash, randomBytes } from 'node:crypto';

/** What an API key begins with. */
export const KEY_START = 'esp_';

/** 192 random bits, readable: shown to somebody once. */
export function newToken(start = ''): string {
  return `${start}${randomBytes(24).toString('base64url')}`;
}

/** What is kept of a token. It is random enough to need no salt. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
