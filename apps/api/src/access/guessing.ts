import type { PrismaClient } from '@espalier/store';
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { noteOf } from '../audit/noted.ts';
import { hashOf, newToken } from '../people/tokens.ts';
import { count, giveBack, type Limit, TooMany, type Tries } from './attempts.ts';
import { passwordLimits, peerOf } from './limits.ts';

const DEVICE_SECONDS = 400 * 24 * 60 * 60;
const WHAT = 'tries to sign in';
/** Beyond the limit: one entry a minute, whoever it comes from. */
const MANY_ADDRESSES = 'an address with too many tries';

interface Guessing {
  readonly pair: number | undefined;
  readonly later: (work: () => Promise<void>) => void;
}

/** Passwords are guessed slowly, by account and by address; whoever was signed in here before is not kept out by others. */
export function guessing(prisma: PrismaClient, { pair, later }: Guessing) {
  const limits = passwordLimits(pair);
  // Whether there is such an account is looked up behind the answer: its time tells nothing.
  const refused = ({ email, address }: SignIn) =>
    later(async () => {
      const user = await prisma.user.findUnique({ where: { email } });
      if (user)
        await noteOf(prisma, user.id, { action: 'session.refuse', data: { address }, once: 'minute' });
    });
  return {
    id: 'guessing',
    hooks: {
      before: [
        {
          matcher: isPassword,
          handler: createAuthMiddleware(async (context) => {
            const tries = await triesOf(context);
            await told(() => countSignIn(prisma, limits, tries)).catch((error) => {
              refused({ ...tries, address: MANY_ADDRESSES });
              throw error;
            });
          }),
        },
      ],
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (context) => {
            const { newSession } = context.context;
            if (!newSession) {
              if (isPassword(context)) refused(await triesOf(context));
              return;
            }
            if (isPassword(context)) await giveBackSignIn(prisma, limits, await triesOf(context));
            await knowDevice(context, newSession.user.email);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function isPassword({ path }: { readonly path?: string | undefined }): boolean {
  return path === '/sign-in/email';
}

/** Whose password is tried, and from where. */
interface SignIn {
  readonly email: string;
  readonly account: string;
  readonly address: string;
  /** Of the browser's cookie; null if the account was not signed in there. */
  readonly device: string | null;
}

type Limits = ReturnType<typeof passwordLimits>;

/** @throws {TooMany} before the costly hash, whether there is such an account or not */
async function countSignIn(prisma: PrismaClient, limits: Limits, { account, address, device }: SignIn) {
  const taken = (tries: Tries, { most }: Limit) => {
    if (tries.count > most) throw new TooMany(WHAT, tries.seconds);
  };
  if (device !== null) return taken(await count(prisma, limits.device, device), limits.device);
  const pair = await count(prisma, limits.pair, `${account} ${address}`);
  taken(pair, limits.pair);
  // What is refused here is not counted there: one address alone does not use up what others have.
  const all = await count(prisma, limits.address, address);
  if (pair.count > limits.few) taken(all, limits.address);
  taken(await count(prisma, limits.account, account), limits.account);
}

async function giveBackSignIn(prisma: PrismaClient, limits: Limits, { account, address, device }: SignIn) {
  if (device !== null) return giveBack(prisma, limits.device, device);
  await giveBack(prisma, limits.pair, `${account} ${address}`);
  await giveBack(prisma, limits.address, address);
  await giveBack(prisma, limits.account, account);
}

async function triesOf(context: GenericEndpointContext): Promise<SignIn> {
  const email = String(context.body?.email ?? '')
    .trim()
    .toLowerCase();
  const account = hashOf(email);
  const { name } = deviceCookie(context);
  const device = await context.getSignedCookie(name, context.context.secret);
  const isKnown = typeof device === 'string' && device.startsWith(`${account}.`);
  return { email, account, address: peerOf(context.headers), device: isKnown ? device : null };
}

/** What is left in a browser in which somebody was signed in: it lets nobody in. */
async function knowDevice(context: GenericEndpointContext, email: string): Promise<void> {
  const { name, attributes } = deviceCookie(context);
  const value = `${hashOf(email.toLowerCase())}.${newToken()}`;
  await context.setSignedCookie(name, value, context.context.secret, attributes);
}

function deviceCookie({ context }: GenericEndpointContext) {
  return context.createAuthCookie('device', { maxAge: DEVICE_SECONDS });
}

/** In the library's way. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    const { message, seconds } = error;
    const code = 'TOO_MANY_REQUESTS';
    throw new APIError(code, { code, message }, { 'Retry-After': String(seconds) });
  }
}
