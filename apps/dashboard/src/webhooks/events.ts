import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What the pages show of a webhook. */
export const webhookFields = graphql(`
  fragment WebhookFields on Webhook @_unmask { id url events active offReason failingSince createdAt }
`);

/** What the log shows of a delivery. */
export const deliveryFields = graphql(`
  fragment DeliveryFields on WebhookDelivery @_unmask {
    id event state attempts statusCode milliseconds error answer body createdAt nextAt
  }
`);

export type Webhook = ResultOf<typeof webhookFields>;
export type Delivery = ResultOf<typeof deliveryFields>;
export type WebhookEvent = Delivery['event'];

/** What a webhook can be told of. */
export const EVENTS = [
  { id: 'RUN_FINISHED', name: 'run.finished', what: 'a run has its result' },
  { id: 'RUN_FAILED', name: 'run.failed', what: 'a run ended without one' },
  { id: 'EXPERIMENT_DONE', name: 'experiment.done', what: 'all runs of an experiment are over' },
] as const satisfies readonly { readonly id: WebhookEvent; readonly name: string; readonly what: string }[];

/** As the message calls it. */
export function eventName(event: WebhookEvent): string {
  return EVENTS.find(({ id }) => id === event)?.name ?? event.toLowerCase();
}
