import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { eventName, type Webhook } from './events.ts';
import { NewWebhook } from './new-webhook.tsx';
import { WebhookState } from './webhook-state.tsx';

/** Addresses that are told of what happens; each has a page with its log. */
export function Webhooks({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <div className="grid gap-3 pt-2">
      <NewWebhook />
      {webhooks.length > 0 && (
        <DataTable
          caption="Webhooks"
          rows={webhooks}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Address',
              className: 'max-w-64 break-words md:max-w-none',
              cell: ({ id, url }) => <RowLink href={`/team/webhooks/${id}`}>{url}</RowLink>,
            },
            {
              name: 'Events',
              from: 'md',
              className: 'text-ink-soft',
              cell: ({ events }) => events.map(eventName).join(', '),
            },
            { name: 'State', cell: (webhook) => <WebhookState webhook={webhook} /> },
            { name: 'Since', time: ({ createdAt }) => createdAt, from: 'md' },
          ]}
        />
      )}
    </div>
  );
}
