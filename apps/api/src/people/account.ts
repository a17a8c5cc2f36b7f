import { newId, type PrismaClient, type Transaction, type User } from '@espalier/store';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { attempt, giveBack } from '../access/attempts.ts';
import { CURRENT_PASSWORD, countAddress } from '../access/limits.ts';
import { requireSession } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, isTaken, Taken } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { checkedName } from '../validation.ts';

/** Of an address that somebody has. What succeeds with others tells it all the same: tries are counted. */
export const NO_SUCH_USE = 'this address cannot be used here';
/** How long a session that a link opened may set a password without the old one. */
const LINK_TRUST_MS = 60 * 60_000;
const PASSWORD_LENGTH = { least: 8, most: 128 } as const;

export interface AccountChange {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | null | undefined;
  /** What a change of address or password takes, but for one who came by a link. */
  readonly currentPassword?: string | null | undefined;
}

/** Changes who is signed in. A new password ends the other sessions. */
export async function updateAccount({ viewer, database }: Context, change: AccountChange): Promise<User> {
  const asker = requireSession(viewer);
  const { userId, sessionId } = asker;
  const { prisma } = database;
  const name = change.name == null ? undefined : checkedName(change.name);
  const email = change.email == null ? undefined : checkedEmail(change.email);
  const wanted = change.password == null ? undefined : checkedPassword(change.password);
  if (email !== undefined || wanted !== undefined) {
    await proveIdentity(prisma, userId, sessionId, change.currentPassword ?? null);
  }
  if (email !== undefined && email !== asker.email) await countAddress(prisma, userId);
  const password = wanted === undefined ? undefined : await hashPassword(wanted);
  return prisma.$transaction(async (transaction) => {
    const user = await changeUser(transaction, userId, {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined || email === asker.email ? {} : { email, emailSince: new Date() }),
    });
    if (password !== undefined) {
      await setPassword(transaction, userId, password);
      await transaction.session.deleteMany({ where: { userId, id: { not: sessionId } } });
    }
    if (asker.teamId !== null) {
      const changed = Object.entries({ name, email, password }).flatMap(([key, value]) =>
        value ? [key] : [],
      );
      await audit(transaction, asker, 'user.update', userId, { changed });
    }
    return user;
  });
}

/** Whether the password may be set without the one that there is. */
export async function maySetPassword(prisma: PrismaClient, sessionId: string): Promise<boolean> {
  const session = await prisma.session.findUnique({
    where: { id: sessionId },
    include: { user: { include: { accounts: { where: { providerId: 'credential' } } } } },
  });
  if (!session) return false;
  const recent = Date.now() - session.createdAt.getTime() < LINK_TRUST_MS;
  return (session.byLink && recent) || session.user.accounts.length === 0;
}

/** Sets the password that a user signs in with, given its hash. */
export async function setPassword(transaction: Transaction, userId: string, password: string): Promise<void> {
  const key = { providerId: 'credential', accountId: userId };
  await transaction.account.upsert({
    where: { providerId_accountId: key },
    create: { id: newId('account'), userId, ...key, password },
    update: { password },
  });
}

/** @throws {FieldError} for what is no address */
export function checkedEmail(email: string): string {
  const trimmed = email.trim().toLowerCase();
  if (!z.email().safeParse(trimmed).success) throw new FieldError('that is not an e-mail address', 'email');
  return trimmed;
}

/** @throws {FieldError} for one that is too short or too long */
export function checkedPassword(password: string): string {
  const { least, most } = PASSWORD_LENGTH;
  if (password.length >= least && password.length <= most) return password;
  throw new FieldError(`a password has ${least} to ${most} characters`, 'password');
}

async function changeUser(
  transaction: Transaction,
  id: string,
  data: { readonly name?: string; readonly email?: string; readonly emailSince?: Date },
): Promise<User> {
  try {
    return await transaction.user.update({ where: { id }, data });
  } catch (error) {
    if (isTaken(error)) throw new Taken(NO_SUCH_USE, 'email');
    throw error;
  }
}

async function proveIdentity(
  prisma: PrismaClient,
  userId: string,
  sessionId: string,
  current: string | null,
): Promise<void> {
  if (await maySetPassword(prisma, sessionId)) return;
  if (current === null) throw new FieldError('give the password that you have', 'currentPassword');
  // Before the costly hash, and each try, however many a request has.
  await attempt(prisma, CURRENT_PASSWORD, userId, 'tries of the password');
  const account = await prisma.account.findUnique({
    where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
  });
  const right = account?.password && (await verifyPassword({ hash: account.password, password: current }));
  if (!right) throw new FieldError('that is not the password that you have', 'currentPassword');
  await giveBack(prisma, CURRENT_PASSWORD, userId);
}
