import { createHmac, randomBytes } from 'node:crypto';

const START = 'whsec_';
/** Of a secret: as many as the hash has. */
const BYTES = 32;

/** Shown to a person once; written as the Standard Webhooks have it. */
export function newSecret(): string {
  return `${START}${randomBytes(BYTES).toString('base64')}`;
}

interface Signed {
  readonly id: string;
  /** To the byte. */
  readonly body: string;
}

/**
 * What a receiver checks: `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`, one for each secret
 * (Standard Webhooks, https://www.standardwebhooks.com).
 */
export function signedHeaders(
  { id, body }: Signed,
  secrets: readonly string[],
  at: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => signature(secret, `${id}.${timestamp}.${body}`));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function signature(secret: string, text: string): string {
  const key = Buffer.from(secret.slice(START.length), 'base64');
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}
