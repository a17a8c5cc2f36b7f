import { WEBHOOK_EVENTS } from '@espalier/runs';
import { DeliveryState, Prisma } from '@espalier/store';
import { Field, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { type Conditions, containing, listed, timed } from '../query/conditions.ts';
import { enumFilter, FILTER_RULE, TimeFilter } from '../query/filter-inputs.ts';
import { BasicFilter } from '../query/item-filter.ts';
import { listArgs } from '../query/list-args.ts';
import { orderInput } from '../query/order.ts';

/** What a delivery may be of: also of a test, which nobody asks to be told of. */
const PING = 'ping';

export const WebhookEventEnum = enumType(
  'WebhookEvent',
  [...WEBHOOK_EVENTS, PING],
  'Events that a webhook reports. In the message they are called `run.finished` and so on.',
  {
    'run.finished': 'A run has its result.',
    'run.failed': 'A run ended without one, and not because a person cancelled it.',
    'experiment.done':
      'All runs of an experiment have ended: finished, failed or cancelled. Sent each time this happens.',
    ping: 'A test: testWebhook sends it, even if the webhook has other events.',
  },
);
const WebhookEventFilter = enumFilter('WebhookEvent', WebhookEventEnum);
type WebhookEventFilter = InstanceType<typeof WebhookEventFilter>;

export const DeliveryStateEnum = enumType(
  'DeliveryState',
  Object.values(DeliveryState),
  'State of a delivery.',
  {
    waiting: 'To be sent, or to be sent again.',
    delivered: 'It was answered with a status of 200 to 299.',
    failed: 'It is no longer retried; `redeliver` sends it.',
  },
);
const DeliveryStateFilter = enumFilter('DeliveryState', DeliveryStateEnum);
type DeliveryStateFilter = InstanceType<typeof DeliveryStateFilter>;

@InputType('WebhookFilter', { description: FILTER_RULE })
export class WebhookFilter extends BasicFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text in the address; upper and lower case are the same.',
  })
  text?: string | null;

  @Field(() => TimeFilter, { nullable: true, description: 'Null for one whose last delivery was taken.' })
  failingSince?: TimeFilter | null;
}

const order = orderInput('Webhook', 'webhooks', {
  url: { value: Prisma.sql`w."url"`, type: 'text' },
});
export const webhookSorting = order.sorting;
export const WebhookListArgs = listArgs(WebhookFilter, order);
export type WebhookListArgs = InstanceType<typeof WebhookListArgs>;

export const WEBHOOK_CONDITIONS: Conditions<WebhookFilter> = {
  id: listed(Prisma.sql`w."id"`),
  text: containing(Prisma.sql`w."url"`),
  failingSince: timed(Prisma.sql`w."failingSince"`),
  createdAt: timed(Prisma.sql`w."createdAt"`),
};

@InputType('WebhookDeliveryFilter', { description: FILTER_RULE })
export class DeliveryFilter extends BasicFilter {
  @Field(() => WebhookEventFilter, { nullable: true })
  event?: WebhookEventFilter | null;

  @Field(() => DeliveryStateFilter, { nullable: true })
  state?: DeliveryStateFilter | null;

  @Field(() => TimeFilter, { nullable: true })
  finishedAt?: TimeFilter | null;
}

const deliveryOrder = orderInput('WebhookDelivery', 'deliveries', {});
export const deliverySorting = deliveryOrder.sorting;
export const DeliveryListArgs = listArgs(DeliveryFilter, deliveryOrder);
export type DeliveryListArgs = InstanceType<typeof DeliveryListArgs>;

export const DELIVERY_CONDITIONS: Conditions<DeliveryFilter> = {
  id: listed(Prisma.sql`d."id"`),
  event: listed(Prisma.sql`d."event"`),
  state: listed(Prisma.sql`d."state"`, 'DeliveryState'),
  createdAt: timed(Prisma.sql`d."createdAt"`),
  finishedAt: timed(Prisma.sql`d."finishedAt"`),
};
