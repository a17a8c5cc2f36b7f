import { createHash, randomBytes } from 'node:crypto';

/** What an API key begins with. */
export const KEY_START = 'esp_';

/** 192 random bits, or so many bytes, readable: shown to somebody once. */
export function newToken(start = '', bytes = 24): string {
  return `${start}${randomBytes(bytes).toString('base64url')}`;
}

/** What is kept of a token. It is random enough to need no salt. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
