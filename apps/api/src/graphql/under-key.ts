import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';
import type { PrismaClient, Transaction } from '@espalier/store';
import { GraphQLError } from 'graphql';
import { requireAsker } from '../access/viewer.ts';
import { Conflict, FieldError } from '../errors.ts';
import type { Context } from './context.ts';
import { outcome, type Payload } from './payload.ts';

const FIELD = 'clientMutationId';
const LONGEST = 200;
const KEPT_HOURS = 24;

/** They change which team a session looks at, or are about a person: their keys are the person's in all teams. */
const OF_A_PERSON = ['acceptInvitation', 'createTeam', 'leaveTeam', 'switchTeam', 'updateAccount'];
/** Their answer has a secret in it, which is kept nowhere. */
export const SHOWN_ONCE: readonly string[] = [
  'createApiKey',
  'createPublicLink',
  'createWebhook',
  'inviteMember',
  'rotateWebhookSecret',
];

const USED = 'this key was used for another input: take a new one';
const OPEN =
  'the request with this key is still running, or its result is unknown: check before you send it again with another key';
const DONE =
  'it was done already, and its answer is not kept: it has a secret that is shown once, or something was purged since; look before you send it again under another key';

interface Asked {
  readonly mutation: string;
  readonly key: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Carries a mutation out once for each key of whoever asks; another time it answers the same. What was refused keeps
 * nothing: its key is free again.
 */
export async function underKey(
  context: Context,
  asked: Asked,
  work: () => Promise<Payload>,
): Promise<Payload> {
  const { prisma } = context.database;
  const { mutation, key, input } = asked;
  if (key.length < 1 || key.length > LONGEST) {
    return refused(new FieldError(`give 1 to ${LONGEST} characters`, FIELD));
  }
  const { apiKeyId, userId, teamId } = requireAsker(context.viewer);
  const team = OF_A_PERSON.includes(mutation) ? '' : (teamId ?? '');
  const place = { asker: apiKeyId ?? userId, teamId: team, mutation, key };
  const inputHash = await hashOfInput(input, Object.values(place));
  const claim = { ...place, inputHash };
  // As one statement: of two that come together one begins.
  const { count } = await prisma.mutationKey.createMany({ data: [claim], skipDuplicates: true });
  if (count === 0) return answered(prisma, claim);
  const payload = await freedIfRefused(prisma, place, work);
  if (!payload.ok) return payload;
  const result = SHOWN_ONCE.includes(mutation) ? null : await packed(payload);
  await prisma.mutationKey.updateMany({ where: place, data: { doneAt: new Date(), result } });
  return payload;
}

type Place = { asker: string; teamId: string; mutation: string; key: string };

async function answered(
  prisma: PrismaClient,
  { inputHash, ...place }: Place & { inputHash: string },
): Promise<Payload> {
  const before = await prisma.mutationKey.findFirst({ where: place });
  if (!before) return refused(new Conflict(OPEN, FIELD));
  if (before.inputHash !== inputHash) return refused(new Conflict(USED, FIELD));
  if (before.doneAt === null) return refused(new Conflict(OPEN, FIELD));
  return before.result === null ? refused(new Conflict(DONE, FIELD)) : unpacked(before.result);
}

/** After an internal error the key stays claimed: how much was done by then is not known. */
async function freedIfRefused(
  prisma: PrismaClient,
  place: Place,
  work: () => Promise<Payload>,
): Promise<Payload> {
  const free = () => prisma.mutationKey.deleteMany({ where: place });
  try {
    const payload = await work();
    if (!payload.ok) await free();
    return payload;
  } catch (error) {
    // Not allowed, or asked for in a wrong way: found before anything was done.
    if (error instanceof GraphQLError) await free();
    throw error;
  }
}

function refused(error: FieldError): Promise<Payload> {
  return outcome(async () => {
    throw error;
  });
}

const stretched = promisify<string, string, number, Buffer>(scrypt);

async function hashOfInput(input: object, salt: readonly string[]): Promise<string> {
  const text = JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  const digest = createHash('sha256').update(text).digest('hex');
  return (await stretched(digest, JSON.stringify(salt), 32)).toString('hex');
}

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

/** Dates and big numbers stay what they are. */
async function packed(payload: Payload): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await zip(serialize(payload)));
}

async function unpacked(bytes: Uint8Array): Promise<Payload> {
  return deserialize(await unzip(bytes));
}

/** What was purged shall not live on in an answer. */
export async function forgetAnswers(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.mutationKey.updateMany({ where: { teamId }, data: { result: null } });
}

export async function forgetOldKeys(prisma: PrismaClient): Promise<void> {
  await prisma.mutationKey.deleteMany({
    where: { createdAt: { lt: new Date(Date.now() - KEPT_HOURS * 3600e3) } },
  });
}
