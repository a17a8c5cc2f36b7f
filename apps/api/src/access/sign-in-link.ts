import { InputError } from '@espalier/errors';
import { newId, type PrismaClient } from '@espalier/store';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { hashOf, newToken } from '../people/tokens.ts';
import { told } from './guessing.ts';
import { countWrongToken, peerOf } from './limits.ts';

const GOOD_FOR_MS = 15 * 60_000;
const GONE = 'this link was used, or is older than 15 minutes; npm start -- --sign-in-link prints another';

const identifierOf = (token: string) => `sign-in-link:${hashOf(token)}`;

/**
 * The path of a link that signs somebody in, once, within 15 minutes: `email`'s, or the first administrator's.
 *
 * @throws {InputError} for an address that nobody has
 */
export async function newSignInLink(
  prisma: PrismaClient,
  email?: string,
): Promise<{ readonly path: string; readonly userId: string }> {
  const userId = email === undefined ? (await firstAdmin(prisma)).userId : await userOf(prisma, email);
  const token = newToken();
  await prisma.verification.create({
    data: {
      id: newId('verify'),
      identifier: identifierOf(token),
      value: userId,
      expiresAt: new Date(Date.now() + GOOD_FOR_MS),
    },
  });
  return { path: `/sign-in?token=${token}`, userId };
}

/** Who administrates the platform longest, and of which team. */
export function firstAdmin(prisma: PrismaClient) {
  return prisma.membership.findFirstOrThrow({
    where: { role: 'admin' },
    orderBy: { createdAt: 'asc' },
    select: { teamId: true, userId: true },
  });
}

async function userOf(prisma: PrismaClient, email: string): Promise<string> {
  const user = await prisma.user.findUnique({ where: { email: email.toLowerCase() } });
  if (!user) throw new InputError(`no user has the address ${email}`);
  return user.id;
}

/** `GET /auth/sign-in-link?token=`: a session for a link, and on to the start page. */
export function signInLinks(prisma: PrismaClient) {
  return {
    id: 'sign-in-link',
    endpoints: {
      signInByLink: createAuthEndpoint(
        '/sign-in-link',
        { method: 'GET', query: z.object({ token: z.string() }) },
        async (context) => {
          const { internalAdapter } = context.context;
          const link = await internalAdapter.consumeVerificationValue(identifierOf(context.query.token));
          const user = link && (await internalAdapter.findUserById(link.value));
          if (!user) {
            await told(() => countWrongToken(prisma, peerOf(context.headers)));
            throw new APIError('GONE', { message: GONE, code: 'LINK_GONE' });
          }
          const session = await internalAdapter.createSession(user.id, false, { byLink: true }, true);
          await setSessionCookie(context, { session, user });
          throw context.redirect('/');
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
