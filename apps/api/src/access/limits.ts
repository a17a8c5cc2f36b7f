import type { IncomingHttpHeaders } from 'node:http';
import type { PrismaClient } from '@espalier/store';
import { attempt, type Limit } from './attempts.ts';

const QUARTER = 15 * 60;

/** Set by us on each request, whatever the client sent: the address that it came from; of IPv6 the network. */
export const PEER_HEADER = 'x-espalier-peer';

export function peerOf(headers: Headers | IncomingHttpHeaders | undefined): string {
  const peer = headers instanceof Headers ? headers.get(PEER_HEADER) : headers?.[PEER_HEADER];
  return String(peer ?? '');
}

/** Why there are several of a password: docs/adr/0021. `pair` is what tests lower. */
export function passwordLimits(pair = 10) {
  return {
    /** An account, from an address. */
    pair: { name: 'sign-in', most: pair, seconds: QUARTER },
    /** An account, from a browser in which it was signed in before. */
    device: { name: 'sign-in-device', most: pair, seconds: QUARTER },
    /** An account, from everywhere else. */
    account: { name: 'sign-in-account', most: 5 * pair, seconds: QUARTER },
    /** All accounts, from an address; beyond it each of them still has `few` tries from there. */
    address: { name: 'sign-in-address', most: 10 * pair, seconds: QUARTER },
    few: Math.min(3, pair),
  } as const;
}

const SIGN_UP: Limit = { name: 'sign-up', most: 20, seconds: 60 * 60 };
const WRONG_TOKEN: Limit = { name: 'token', most: 60, seconds: QUARTER };
/** More: a program goes on asking with the one that was revoked. */
const WRONG_KEY: Limit = { name: 'key', most: 1000, seconds: QUARTER };

/** The password that somebody who is signed in gives again. */
export const CURRENT_PASSWORD: Limit = { name: 'password', most: 10, seconds: QUARTER };

const ADDRESSES: Limit = { name: 'address', most: 10, seconds: QUARTER };

/** Addresses that a user takes: one that cannot be taken is somebody's. */
export function countAddress(prisma: PrismaClient, userId: string): Promise<void> {
  return attempt(prisma, ADDRESSES, userId, 'changes of your address');
}

/** New people of an address who come without an invitation, and those whose e-mail address somebody has. */
export function countSignUp(prisma: PrismaClient, address: string): Promise<void> {
  return attempt(prisma, SIGN_UP, address, 'new accounts from this address');
}

/**
 * A link or invitation that is none. Right ones are found by their hash and never refused, so nobody keeps others
 * of the same address out by guessing.
 *
 * @throws {TooMany} where an address tries too many
 */
export function countWrongToken(prisma: PrismaClient, address: string): Promise<void> {
  return attempt(prisma, WRONG_TOKEN, address, 'links or invitations that there are not');
}

/** The same of an API key. */
export function countWrongKey(prisma: PrismaClient, address: string): Promise<void> {
  return attempt(prisma, WRONG_KEY, address, 'API keys that there are not');
}
