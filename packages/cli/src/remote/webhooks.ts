import { setTimeout } from 'node:timers/promises';
import { type Client, graphql, type ResultOf } from '@espalier/client';
import { InputError } from '@espalier/errors';

const webhookFields = graphql(`
  fragment WebhookFields on Webhook { id url events active offReason failingSince createdAt }
`);

const deliveryFields = graphql(`
  fragment DeliveryFields on WebhookDelivery {
    id event state attempts statusCode milliseconds error answer createdAt nextAt finishedAt
  }
`);

const webhooks = graphql(
  `
  query Webhooks($after: String) {
    page: webhooks(first: 100, after: $after) { nodes { ...WebhookFields } pageInfo { hasNextPage endCursor } }
  }
`,
  [webhookFields],
);

const create = graphql(
  `
  mutation CreateWebhook($input: CreateWebhookInput!) {
    payload: createWebhook(input: $input) { ok errors { message path } secret made: webhook { ...WebhookFields } }
  }
`,
  [webhookFields],
);

const rotate = graphql(
  `
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    payload: rotateWebhookSecret(input: $input) { ok errors { message path } secret made: webhook { ...WebhookFields } }
  }
`,
  [webhookFields],
);

const update = graphql(
  `
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    payload: updateWebhook(input: $input) { ok errors { message path } made: webhook { ...WebhookFields } }
  }
`,
  [webhookFields],
);

const remove = graphql(
  `
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    payload: deleteWebhook(input: $input) { ok errors { message path } made: webhook { ...WebhookFields } }
  }
`,
  [webhookFields],
);

const test = graphql(
  `
  mutation TestWebhook($input: TestWebhookInput!) {
    payload: testWebhook(input: $input) { ok errors { message path } made: webhookDelivery { ...DeliveryFields } }
  }
`,
  [deliveryFields],
);

const again = graphql(
  `
  mutation Redeliver($input: RedeliverInput!) {
    payload: redeliver(input: $input) { ok errors { message path } made: webhookDelivery { ...DeliveryFields } }
  }
`,
  [deliveryFields],
);

const deliveries = graphql(
  `
  query WebhookDeliveries($id: ID!, $first: Int!) {
    webhook(id: $id) { deliveries(first: $first) { nodes { ...DeliveryFields } } }
  }
`,
  [deliveryFields],
);

const oneDelivery = graphql(
  `query OneDelivery($id: ID!) { node(id: $id) { ... on WebhookDelivery { ...DeliveryFields } } }`,
  [deliveryFields],
);

export type Webhook = ResultOf<typeof webhookFields>;
export type Delivery = ResultOf<typeof deliveryFields>;
export type WebhookEvent = Delivery['event'];

export function listWebhooks(client: Client): Promise<Webhook[]> {
  return client.all(webhooks, {});
}

/** With the secret, which is told this once. */
export type WithSecret = Webhook & { readonly secret: string | null };

export async function createWebhook(
  client: Client,
  input: { readonly url: string; readonly events: WebhookEvent[] },
): Promise<WithSecret> {
  const { made, secret } = await client.change(create, input);
  return { ...made, secret };
}

export async function rotateSecret(client: Client, id: string): Promise<WithSecret> {
  const { made, secret } = await client.change(rotate, { id });
  return { ...made, secret };
}

export async function switchWebhook(client: Client, id: string, active: boolean): Promise<Webhook> {
  return (await client.change(update, { id, active })).made;
}

export async function deleteWebhook(client: Client, id: string): Promise<Webhook> {
  return (await client.change(remove, { id })).made;
}

/** The newest ones. */
export async function listDeliveries(client: Client, id: string, first: number): Promise<Delivery[]> {
  const { webhook } = await client.ask(deliveries, { id, first });
  if (!webhook) throw new InputError(`there is no webhook ${id}`);
  return webhook.deliveries.nodes;
}

/** Sends a test, or a delivery again, and waits for the result of the first attempt. */
export async function sendNow(client: Client, id: string, what: 'test' | 'again'): Promise<Delivery> {
  const { made } = await client.change(what === 'test' ? test : again, { id });
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await setTimeout(POLL_MS)) {
    const { node } = await client.ask(oneDelivery, { id: made.id });
    if (
      node &&
      'attempts' in node &&
      node.attempts > 0 &&
      (node.error !== null || node.state !== 'WAITING')
    ) {
      return node;
    }
  }
  return made;
}

/** Longer than an attempt takes; nobody may be there who sends. */
const PATIENCE_MS = 30_000;
const POLL_MS = 300;
