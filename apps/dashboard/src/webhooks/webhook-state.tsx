import { Badge } from '#src/ui/status-badge.tsx';
import type { Webhook } from './events.ts';

/** Whether anything is sent, and whether it is taken. */
export function WebhookState({
  webhook,
}: {
  webhook: Pick<Webhook, 'active' | 'offReason' | 'failingSince'>;
}) {
  const { active, offReason, failingSince } = webhook;
  if (!active) return <Badge status={offReason === null ? 'cancelled' : 'failed'} word="off" />;
  return failingSince === null ? <Badge status="done" word="on" /> : <Badge status="failed" word="failing" />;
}
