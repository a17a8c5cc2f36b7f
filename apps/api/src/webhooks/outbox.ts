import { announceDeliveries, doneMessage } from '@espalier/runs';
import type { PrismaClient, Transaction } from '@espalier/store';

/** Of an address that does not answer: 15 s, 1 min, 4, 16, 64 min, 4 h, 17 h, and then no more. */
const MOST_ATTEMPTS = 8;
const FIRST_WAIT_S = 15;
const WAIT_FACTOR = 4;
/** So that what failed together does not come again together. */
const JITTER = 0.2;
/** Whoever wants to be left alone for longer is asked after that all the same. */
const LONGEST_WAIT_S = 24 * 3600;

/** Longer than an attempt takes: whoever has not told of it by then is dead. */
const LEASE_S = 60;
/** A webhook of which nothing was taken for so long is switched off. */
const FAILING_DAYS = 3;
const KEPT_DAYS = 30;
const BATCH = 5000;

/** What is to be sent, where, and by which secrets. */
export interface Due {
  readonly id: string;
  readonly webhookId: string;
  readonly teamId: string;
  readonly subjectId: string;
  /** Null for an experiment that may be done. */
  readonly body: string | null;
  /** With the one to come. */
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  /** Null for none that is still good. */
  readonly oldSecret: string | null;
}

/** The result of an attempt; without an error the message was taken. */
export interface Attempt {
  readonly milliseconds: number;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  /** For which whoever refused it wants to be left alone; null if they say nothing. */
  readonly waitSeconds: number | null;
}

/**
 * Takes the delivery that is due longest, so nobody else sends it meanwhile; null if none is.
 *
 * @param busy webhooks and teams that have enough under way here
 */
export async function takeDue(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  busy: { readonly webhooks: readonly string[]; readonly teams: readonly string[] },
): Promise<Due | null> {
  const [due = null] = await prisma.$queryRaw<Due[]>`
    UPDATE "WebhookDelivery" d
    SET "attempts" = d."attempts" + 1, "sendingUntil" = now() + make_interval(secs => ${LEASE_S}::float8)
    FROM "Webhook" w
    WHERE w."id" = d."webhookId" AND d."id" = (
      SELECT c."id" FROM "WebhookDelivery" c JOIN "Webhook" v ON v."id" = c."webhookId"
      WHERE c."state" = 'waiting' AND c."nextAt" <= now()
        AND (c."sendingUntil" IS NULL OR c."sendingUntil" < now()) AND v."active"
        AND NOT c."webhookId" = ANY(${[...busy.webhooks]}::text[]) AND NOT v."teamId" = ANY(${[...busy.teams]}::text[])
      ORDER BY c."nextAt", c."id" LIMIT 1 FOR UPDATE OF c SKIP LOCKED
    )
    RETURNING d."id", d."webhookId", w."teamId", d."subjectId", d."body", d."attempts", w."url", w."secret",
      CASE WHEN w."oldSecretUntil" > now() THEN w."oldSecret" END AS "oldSecret"`;
  return due;
}

/**
 * What is to be sent of an experiment that may be done. Each run that ends leaves word; sent is one of these, once all
 * runs are over, and the others are taken away.
 *
 * @returns null if there is nothing to send, or not by this one
 */
export async function settled(
  prisma: PrismaClient,
  { id, webhookId, subjectId }: Pick<Due, 'id' | 'webhookId' | 'subjectId'>,
): Promise<string | null> {
  return prisma.$transaction(async (transaction) => {
    // Of two that are looked at together the second one sees what became of the first.
    const key = `${webhookId} ${subjectId}`;
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 4711003))::text`;
    if ((await transaction.webhookDelivery.count({ where: { id, body: null } })) === 0) return null;
    const body = await doneMessage(transaction, subjectId);
    if (body === null) {
      // The last run to end leaves word, too.
      await transaction.webhookDelivery.delete({ where: { id } });
      return null;
    }
    await transaction.webhookDelivery.deleteMany({
      where: { webhookId, subjectId, body: null, id: { not: id } },
    });
    await transaction.webhookDelivery.update({ where: { id }, data: { body } });
    return body;
  });
}

/** Keeps the result of an attempt; a message that was not taken is sent again later, a few times. */
export async function noteAttempt(
  prisma: PrismaClient,
  { id, webhookId, attempts }: Pick<Due, 'id' | 'webhookId' | 'attempts'>,
  { milliseconds, statusCode, error, answer, waitSeconds: wanted }: Attempt,
): Promise<void> {
  const state = error === null ? 'delivered' : attempts >= MOST_ATTEMPTS ? 'failed' : 'waiting';
  await prisma.$transaction(async (transaction) => {
    // The webhook first, as whoever switches one off does.
    const offReason = await noteHealth(transaction, webhookId, statusCode, error);
    await transaction.$executeRaw`
      UPDATE "WebhookDelivery"
      SET "state" = ${state}::"DeliveryState", "statusCode" = ${statusCode}, "milliseconds" = ${Math.round(milliseconds)},
        "error" = ${error}, "answer" = ${answer}, "attemptedAt" = now(), "sendingUntil" = NULL,
        "nextAt" = now() + make_interval(secs => ${waitSeconds(attempts, wanted)}::float8),
        "finishedAt" = CASE WHEN ${state !== 'waiting'} THEN now() END
      WHERE "id" = ${id} AND "attempts" = ${attempts} AND "state" = 'waiting'`;
    if (offReason !== null) await switchOff(transaction, webhookId, offReason);
  });
}

/** Seconds until it is tried again, after so many attempts: no sooner than they want, who refused it. */
function waitSeconds(attempts: number, wanted: number | null): number {
  const usual = FIRST_WAIT_S * WAIT_FACTOR ** (attempts - 1) * (1 - JITTER * Math.random());
  return Math.max(usual, Math.min(wanted ?? 0, LONGEST_WAIT_S));
}

/** Why it is to be switched off; null if it is not. */
async function noteHealth(
  transaction: Transaction,
  webhookId: string,
  statusCode: number | null,
  error: string | null,
): Promise<string | null> {
  if (error === null) {
    await transaction.webhook.updateMany({
      where: { id: webhookId, failingSince: { not: null } },
      data: { failingSince: null },
    });
    return null;
  }
  const [health] = await transaction.$queryRaw<{ tooLong: boolean }[]>`
    UPDATE "Webhook" SET "failingSince" = coalesce("failingSince", now()) WHERE "id" = ${webhookId}
    RETURNING "failingSince" < now() - make_interval(days => ${FAILING_DAYS}::int) AS "tooLong"`;
  // "Gone": whoever answers so wants nothing more.
  if (statusCode === 410) return `switched off: ${error}`;
  return health?.tooLong
    ? `switched off: nothing was taken for ${FAILING_DAYS} days, the last time because ${error}`
    : null;
}

/**
 * Nothing more is sent to it, and what waits is over.
 *
 * @param offReason null if a person does it
 */
export async function switchOff(
  transaction: Transaction,
  webhookId: string,
  offReason: string | null,
): Promise<void> {
  await transaction.webhook.updateMany({ where: { id: webhookId }, data: { active: false, offReason } });
  await transaction.webhookDelivery.deleteMany({ where: { webhookId, body: null } });
  await transaction.webhookDelivery.updateMany({
    where: { webhookId, state: 'waiting' },
    data: {
      ...{ state: 'failed', error: 'the webhook was switched off', sendingUntil: null },
      finishedAt: new Date(),
    },
  });
}

/** Sends it again, as it was, at once, and as often as one that is new. False while it is on its way. */
export async function sendAgain(transaction: Transaction, id: string): Promise<boolean> {
  const count = await transaction.$executeRaw`
    UPDATE "WebhookDelivery"
    SET "state" = 'waiting', "attempts" = 0, "nextAt" = now(), "finishedAt" = NULL,
      -- The results of former attempts say nothing of those to come.
      "statusCode" = NULL, "milliseconds" = NULL, "error" = NULL, "answer" = NULL
    WHERE "id" = ${id} AND ("sendingUntil" IS NULL OR "sendingUntil" < now())`;
  await announceDeliveries(transaction);
  return count > 0;
}

/** Deletes what has been over for long. */
export async function forgetOldDeliveries(prisma: PrismaClient): Promise<void> {
  while (
    (await prisma.$executeRaw`
      DELETE FROM "WebhookDelivery" WHERE "id" IN (
        SELECT "id" FROM "WebhookDelivery" WHERE "finishedAt" < now() - make_interval(days => ${KEPT_DAYS}::int)
        LIMIT ${BATCH}
      )`) === BATCH
  );
}
