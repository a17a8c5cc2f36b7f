import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** What an id may begin with: it says what it is of. */
const ID_PREFIXES = [
  'team',
  'user',
  'key',
  'proj',
  'data',
  'model',
  'exp',
  'bench',
  'sample',
  'run',
  'upload',
  'worker',
  'audit',
  'eval',
  'invite',
  'session',
  'account',
  'verify',
  'view',
  'pub',
  'device',
  'profile',
  'recomp',
  'profiling',
  'measurement',
  'hook',
  'delivery',
  'link',
] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

let last = 0;

/**
 * A new id such as `run_01jd3s0n8vq2x4c7fgh5k9mwtz`: 10 digits of base 32 for the milliseconds, which only rise
 * within a process, and 16 random ones (80 bits), as in a ULID.
 */
export function newId(prefix: IdPrefix): string {
  last = Math.max(last + 1, Date.now());
  let time = '';
  for (let rest = last, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  const random = Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_${time}${random}`;
}
