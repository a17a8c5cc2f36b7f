import { newId, type Prisma, type RunState, type Transaction } from '@espalier/store';
import { WEBHOOKS_CHANNEL, type WebhookEvent, webhookMessage } from './message.ts';

const OF_STATE: Readonly<Partial<Record<RunState, WebhookEvent>>> = {
  finished: 'run.finished',
  failed: 'run.failed',
};
const OF_EXPERIMENT: WebhookEvent = 'experiment.done';

/**
 * Leaves word for the team's webhooks that a run is over, in the transaction that ends it: sent are those of a change
 * that was committed, and all of them.
 */
export async function tellWebhooks(transaction: Transaction, runId: string, state: RunState): Promise<void> {
  const own = OF_STATE[state];
  const hooks = await listening(transaction, runId, own ? [own, OF_EXPERIMENT] : [OF_EXPERIMENT]);
  if (hooks.length === 0) return;
  const body =
    own && hooks.some(({ events }) => events.includes(own)) ? await runBody(transaction, runId, own) : '';
  await putDeliveries(
    transaction,
    hooks.flatMap(({ id: webhookId, events, experimentId }) => [
      ...(own && events.includes(own) ? [{ webhookId, event: own, subjectId: runId, body }] : []),
      // Whether it was the last one is seen when this is committed: two that end together do not see each other.
      ...(events.includes(OF_EXPERIMENT)
        ? [{ webhookId, event: OF_EXPERIMENT, subjectId: experimentId, body: null }]
        : []),
    ]),
  );
}

/**
 * Leaves word that experiments may be done without a run of theirs that ended: one that was still open went. Senders see
 * whether they are.
 */
export async function tellMayBeDone(
  transaction: Transaction,
  experimentIds: readonly string[],
): Promise<void> {
  const hooks = await transaction.$queryRaw<Pick<Listening, 'id' | 'experimentId'>[]>`
    SELECT w."id", e."id" AS "experimentId" FROM "Webhook" w JOIN "Experiment" e ON e."teamId" = w."teamId"
    WHERE e."id" = ANY(${[...experimentIds]}::text[]) AND w."active" AND ${OF_EXPERIMENT} = ANY(w."events")
    ORDER BY w."id" FOR KEY SHARE OF w`;
  if (hooks.length === 0) return;
  await putDeliveries(
    transaction,
    hooks.map(({ id: webhookId, experimentId }) => ({
      ...{ webhookId, event: OF_EXPERIMENT, subjectId: experimentId, body: null },
    })),
  );
}

/** Puts what is to be sent where senders find it, and tells them once it is committed. */
export async function putDeliveries(
  transaction: Transaction,
  deliveries: readonly Pick<
    Prisma.WebhookDeliveryCreateManyInput,
    'webhookId' | 'event' | 'subjectId' | 'body'
  >[],
): Promise<string[]> {
  const rows = deliveries.map((delivery) => ({ id: newId('delivery'), ...delivery }));
  await transaction.webhookDelivery.createMany({ data: rows });
  await announceDeliveries(transaction);
  return rows.map(({ id }) => id);
}

/** Tells senders that something is to be sent at once. */
export async function announceDeliveries(transaction: Pick<Transaction, '$queryRaw'>): Promise<void> {
  await transaction.$queryRaw`SELECT pg_notify(${WEBHOOKS_CHANNEL}, '')::text`;
}

interface Listening {
  readonly id: string;
  readonly events: readonly string[];
  readonly experimentId: string;
}

/** Locked against being deleted: what refers to one that goes meanwhile would undo the end of the run. */
function listening(
  transaction: Transaction,
  runId: string,
  events: readonly WebhookEvent[],
): Promise<Listening[]> {
  return transaction.$queryRaw<Listening[]>`
    SELECT w."id", w."events", r."experimentId" FROM "Webhook" w JOIN "Run" r ON r."teamId" = w."teamId"
    WHERE r."id" = ${runId} AND w."active" AND w."events" && ${[...events]}::text[]
    ORDER BY w."id" FOR KEY SHARE OF w`;
}

async function runBody(transaction: Transaction, runId: string, event: WebhookEvent): Promise<string> {
  const { experiment, result, ...run } = await transaction.run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      ...{ id: true, state: true, error: true, origin: true, allocation: true, criterion: true },
      ...{ metric: true, share: true, seed: true, createdAt: true, startedAt: true, finishedAt: true },
      experiment: { select: { id: true, name: true, projectId: true } },
      result: {
        select: {
          ...{ params: true, macs: true, savedParams: true, savedMacs: true },
          ...{ top1: true, top5: true, loss: true, value: true, images: true },
        },
      },
    },
  });
  const counted = result && { ...result, params: Number(result.params), macs: Number(result.macs) };
  return webhookMessage(event, { run, experiment, result: counted });
}
