import { putDeliveries, WEBHOOK_EVENTS, webhookMessage } from '@espalier/runs';
import { newId, type Transaction, type Webhook, type WebhookDelivery } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, LimitReached, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { sendAgain, switchOff } from './outbox.ts';
import { newSecret } from './signature.ts';
import { type WebhookListArgs, webhookSorting } from './webhook-filter.ts';
import { type ShownWebhook, webhookSource } from './webhook-source.ts';

/** Of a team. */
const MOST = 20;
/** How long the secret before the last one still signs beside it. */
const OVERLAP_MS = 24 * 3_600_000;

const HIDDEN = { secret: true, oldSecret: true } as const;

interface WebhookChange {
  readonly url: string | null;
  readonly events: readonly string[] | null;
  readonly active: boolean | null;
}

/** The team's. */
export function listWebhooks(
  { viewer, database }: Context,
  args: WebhookListArgs,
): Promise<Connection<ShownWebhook>> {
  const admin = requireRole(viewer, 'admin');
  return keysetPage(database.pool, args, webhookSource(admin, args.filter ?? {}), webhookSorting(args.order));
}

/** The secret is shown once. */
export async function createWebhook(
  { viewer, database, webhookGuard }: Context,
  input: { readonly url: string; readonly events: readonly string[] },
) {
  const admin = requireRole(viewer, 'admin');
  const { teamId, userId: createdById } = admin;
  const url = webhookGuard.checked(input.url);
  const events = checkedEvents(input.events);
  const [id, secret] = [newId('hook'), newSecret()];
  return database.prisma.$transaction(async (transaction) => {
    // Of two that come together the second one counts the first.
    await transaction.$queryRaw`SELECT 1 FROM "Team" WHERE "id" = ${teamId} FOR NO KEY UPDATE`;
    if ((await transaction.webhook.count({ where: { teamId } })) >= MOST) {
      throw new LimitReached(`there are ${MOST} already: delete one first`, 'url');
    }
    const webhook = await transaction.webhook.create({
      data: { id, teamId, url: url.href, secret, events, createdById },
      omit: HIDDEN,
    });
    // Of the address the host: what is behind it may be a secret of its owner.
    await audit(transaction, admin, 'webhook.create', id, { name: url.host, events });
    return { webhook, secret };
  });
}

/** What is left out stays. To switch one off ends what waits for it. */
export async function updateWebhook(
  { viewer, database, webhookGuard }: Context,
  id: string,
  { url: given, events: wanted, active }: WebhookChange,
): Promise<ShownWebhook> {
  const admin = requireRole(viewer, 'admin');
  const url = given === null ? null : webhookGuard.checked(given);
  const events = wanted === null ? null : checkedEvents(wanted);
  return database.prisma.$transaction(async (transaction) => {
    await locked(transaction, admin.teamId, id);
    if (active === false) await switchOff(transaction, id, null);
    const webhook = await transaction.webhook.update({
      where: { id },
      data: {
        ...(url ? { url: url.href } : {}),
        ...(events ? { events } : {}),
        ...(active ? { active, offReason: null, failingSince: null } : {}),
      },
      omit: HIDDEN,
    });
    await audit(transaction, admin, 'webhook.update', id, {
      ...(url ? { name: url.host } : {}),
      ...(events ? { events } : {}),
      ...(active === null ? {} : { active }),
    });
    return webhook;
  });
}

/** A new secret, shown once; the one before signs beside it for a day. */
export async function rotateWebhookSecret({ viewer, database }: Context, id: string) {
  const admin = requireRole(viewer, 'admin');
  return database.prisma.$transaction(async (transaction) => {
    const { secret: oldSecret } = await locked(transaction, admin.teamId, id);
    const secret = newSecret();
    const oldSecretUntil = new Date(Date.now() + OVERLAP_MS);
    const webhook = await transaction.webhook.update({
      where: { id },
      data: { secret, oldSecret, oldSecretUntil },
      omit: HIDDEN,
    });
    await audit(transaction, admin, 'webhook.rotate', id);
    return { webhook, secret };
  });
}

/** For good, with its log. As it was. */
export async function deleteWebhook({ viewer, database }: Context, id: string): Promise<ShownWebhook> {
  const admin = requireRole(viewer, 'admin');
  return database.prisma.$transaction(async (transaction) => {
    const { secret: _, oldSecret: __, ...webhook } = await locked(transaction, admin.teamId, id);
    await transaction.webhook.delete({ where: { id } });
    await audit(transaction, admin, 'webhook.delete', id, { name: new URL(webhook.url).host });
    return webhook;
  });
}

/** Sends a test, like anything else: the log has the result. */
export async function testWebhook({ viewer, database }: Context, id: string): Promise<WebhookDelivery> {
  const admin = requireRole(viewer, 'admin');
  return database.prisma.$transaction(async (transaction) => {
    const { active } = await locked(transaction, admin.teamId, id);
    if (!active) throw new Conflict(OFF, 'id');
    const body = webhookMessage('ping', { webhook: { id } });
    const [deliveryId = ''] = await putDeliveries(transaction, [
      { webhookId: id, event: 'ping', subjectId: id, body },
    ]);
    await audit(transaction, admin, 'webhook.test', id);
    return transaction.webhookDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
  });
}

/** Sends a delivery at once, as it was, whatever its result was. */
export async function redeliver(context: Context, id: string): Promise<WebhookDelivery> {
  const admin = requireRole(context.viewer, 'admin');
  const found = await findNode('delivery', context, id);
  if (!found) throw new NotFound('there is no such delivery', 'id');
  return context.database.prisma.$transaction(async (transaction) => {
    const { active } = await locked(transaction, admin.teamId, found.webhookId);
    if (!active) throw new Conflict(OFF, 'id');
    if (!(await sendAgain(transaction, id))) throw new Conflict('it is on its way', 'id');
    await audit(transaction, admin, 'webhook.redeliver', id);
    return transaction.webhookDelivery.findUniqueOrThrow({ where: { id } });
  });
}

const OFF = 'the webhook is switched off: switch it on first';

/** Nobody else changes it until the transaction ends. */
async function locked(transaction: Transaction, teamId: string, id: string): Promise<Webhook> {
  await transaction.$queryRaw`SELECT 1 FROM "Webhook" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  const webhook = await transaction.webhook.findUnique({ where: { id, teamId } });
  if (!webhook) throw new NotFound('there is no such webhook', 'id');
  return webhook;
}

function checkedEvents(events: readonly string[]): string[] {
  if (events.length === 0) throw new FieldError('name at least one event', 'events');
  const known: readonly string[] = WEBHOOK_EVENTS;
  if (events.some((event) => !known.includes(event))) {
    throw new FieldError('PING is what testWebhook sends: name other events', 'events');
  }
  // Each once, in one order.
  return known.filter((event) => events.includes(event));
}
