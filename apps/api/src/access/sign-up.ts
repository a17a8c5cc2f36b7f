import { newId, type PrismaClient, type User } from '@espalier/store';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint, formCsrfMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { hashPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { FieldError, isTaken, NotFound, Taken } from '../errors.ts';
import { checkedEmail, checkedPassword, NO_SUCH_USE, setPassword } from '../people/account.ts';
import { FOR_ANOTHER, findInvitation, join } from '../people/invitations.ts';
import { foundTeam, teamNameOf } from '../people/teams.ts';
import { checkedName } from '../validation.ts';
import { told as tooManyTold } from './guessing.ts';
import { countSignUp, countWrongToken, peerOf } from './limits.ts';

const BODY = z.object({
  name: z.string(),
  email: z.string(),
  password: z.string(),
  /** What the team is called that an open sign-up makes; left out: "NAME's team". */
  team: z.string().optional(),
  /** The token of an invitation's link. */
  invitation: z.string().optional(),
});
type NewPerson = z.infer<typeof BODY>;

/**
 * `POST /auth/sign-up`: somebody new, by invitation, or where sign-up is open with a separate team.
 * `GET /auth/sign-up`: whether it is open. `GET /auth/invitation?token=`: what an invitation is to.
 */
export function signUp(prisma: PrismaClient, openSignUp: boolean) {
  return {
    id: 'sign-up',
    endpoints: {
      signUp: createAuthEndpoint(
        '/sign-up',
        { method: 'POST', body: BODY, use: [formCsrfMiddleware] },
        async (context) => {
          const user = await told(() => newPerson(prisma, context.body, openSignUp, peerOf(context.headers)));
          const session = await context.context.internalAdapter.createSession(user.id);
          await setSessionCookie(context, { session, user });
          const { id, name, email } = user;
          return context.json({ user: { id, name, email } });
        },
      ),
      signUpOpen: createAuthEndpoint('/sign-up', { method: 'GET' }, async (context) =>
        context.json({ open: openSignUp }),
      ),
      invitation: createAuthEndpoint(
        '/invitation',
        { method: 'GET', query: z.object({ token: z.string() }) },
        async (context) => {
          const invitation = await findInvitation(prisma, context.query.token);
          if (!invitation) {
            await told(() => countWrongToken(prisma, peerOf(context.headers)));
            throw new APIError('NOT_FOUND', { message: 'there is no such invitation' });
          }
          return context.json(invitation);
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

/** The user, the password, the membership and the spent invitation: all of it or nothing. */
async function newPerson(
  prisma: PrismaClient,
  body: NewPerson,
  openSignUp: boolean,
  address: string,
): Promise<User> {
  const { invitation } = body;
  if (invitation === undefined && !openSignUp)
    throw new FieldError('signing up needs an invitation', 'invitation');
  const name = checkedName(body.name);
  const team = body.team?.trim() ? checkedName(body.team, 'team') : teamNameOf(name);
  const email = checkedEmail(body.email);
  const password = checkedPassword(body.password);
  // Before the costly hash: guessing tokens shall not be expensive for us.
  if (invitation === undefined) await countSignUp(prisma, address);
  else {
    const found = await findInvitation(prisma, invitation);
    if (!found) {
      await countWrongToken(prisma, address);
      throw new NotFound('there is no such invitation, or it has expired; ask for another one', 'invitation');
    }
    // Nobody tries addresses with an invitation that is for another one.
    if (found.email !== null && found.email !== email) throw new FieldError(FOR_ANOTHER, 'email');
  }
  const hash = await hashPassword(password);
  try {
    return await prisma.$transaction(async (transaction) => {
      const user = await transaction.user.create({ data: { id: newId('user'), name, email } });
      await setPassword(transaction, user.id, hash);
      if (invitation === undefined) await foundTeam(transaction, user.id, team);
      else await join(transaction, invitation, { ...user, emailSince: null });
      return user;
    });
  } catch (error) {
    if (isTaken(error)) {
      if (invitation !== undefined) await countSignUp(prisma, address);
      throw new Taken(`${NO_SUCH_USE}; if it is yours, sign in`, 'email');
    }
    throw error;
  }
}

/** What a person can fix, in the library's way: `{ code, message, fields }`. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await tooManyTold(work);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { message, fields } = error;
    throw new APIError('UNPROCESSABLE_ENTITY', { code: 'BAD_USER_INPUT', message, fields });
  }
}
