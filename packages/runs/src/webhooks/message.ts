/** Where senders hear that there is something to send. */
export const WEBHOOKS_CHANNEL = 'espalier_webhooks';

/** What a webhook can be told of. */
export const WEBHOOK_EVENTS = ['run.finished', 'run.failed', 'experiment.done'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What is sent: `{ type, timestamp, data }`, as the Standard Webhooks advise. */
export function webhookMessage(type: string, data: object): string {
  return JSON.stringify({ type, timestamp: new Date().toISOString(), data });
}
