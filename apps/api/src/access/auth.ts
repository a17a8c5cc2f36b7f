import { type IdPrefix, newId, type PrismaClient } from '@espalier/store';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { isAPIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { noteOf } from '../audit/noted.ts';
import { guessing } from './guessing.ts';
import { PEER_HEADER } from './limits.ts';
import { COOKIE_PREFIX, ownOrigins } from './origin.ts';
import { signInLinks } from './sign-in-link.ts';
import { signUp } from './sign-up.ts';

/** Who gets in, and how. */
export interface AccessOptions {
  /** Cookies are signed with it. */
  readonly secret: string;
  /** Whether anybody may make a user and a team; without it people come by invitation. */
  readonly openSignUp?: boolean;
  /** The address that browsers know, where that is not the server's own. */
  readonly publicUrl?: string | null;
  /** Whose X-Forwarded-For is believed, as express's `trust proxy`. */
  readonly proxies?: string | null;
  /** Tries of an account's password that an address has in a quarter of an hour. Default 10. */
  readonly attempts?: number;
  readonly onError?: (error: unknown) => void;
  /** Does what nobody who waits for an answer shall wait for: the time it takes would tell something. */
  readonly later: (work: () => Promise<void>) => void;
}

const DAY_SECONDS = 24 * 60 * 60;

const PREFIXES: Readonly<Record<string, IdPrefix>> = {
  user: 'user',
  session: 'session',
  account: 'account',
  verification: 'verify',
};

export type Auth = ReturnType<typeof createAuth>;

/** Passwords, sessions and their cookies, by better-auth on our tables. Teams and rights are ours. */
export function createAuth(prisma: PrismaClient, options: AccessOptions) {
  const { secret, publicUrl = null, openSignUp = false, attempts, later, onError = () => {} } = options;
  return betterAuth({
    appName: 'Espalier',
    basePath: '/auth',
    // Its origin is trusted whatever was asked for, so without an address of ours it is nobody's.
    baseURL: publicUrl ?? 'http://espalier.invalid',
    trustedOrigins: async (request) => ownOrigins(request?.headers.get('host'), publicUrl),
    secret,
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8 },
    session: {
      expiresIn: 14 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      additionalFields: {
        activeTeamId: { type: 'string', required: false, input: false },
        byLink: { type: 'boolean', required: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ({
            data: { ...session, activeTeamId: await firstTeam(prisma, session.userId) },
          }),
          after: ({ userId, ipAddress, ...session }) =>
            noteOf(prisma, userId, {
              action: 'session.begin',
              data: { by: session.byLink === true ? 'link' : 'password', address: ipAddress ?? '' },
              once: 'minute',
            }),
        },
        delete: {
          after: ({ userId }) => noteOf(prisma, userId, { action: 'session.end', once: 'minute' }),
        },
      },
    },
    // Its own knows addresses only.
    rateLimit: { enabled: false },
    plugins: [guessing(prisma, { pair: attempts, later }), signInLinks(prisma), signUp(prisma, openSignUp)],
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      // Said outright: left alone, they are off under a test runner.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      database: {
        generateId: ({ model }) => {
          const prefix = PREFIXES[model];
          if (!prefix) throw new Error(`no ids for ${model}`);
          return newId(prefix);
        },
      },
    },
    onAPIError: {
      // What it refuses is in its answer.
      onError: (error) => {
        if (!(isAPIError(error) && error.statusCode < 500)) onError(error);
      },
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => onError(new Error(message)) },
  });
}

/** The team that a new session begins in. */
async function firstTeam(prisma: PrismaClient, userId: string): Promise<string | null> {
  const membership = await prisma.membership.findFirst({
    where: { userId },
    orderBy: { createdAt: 'asc' },
    select: { teamId: true },
  });
  return membership?.teamId ?? null;
}
