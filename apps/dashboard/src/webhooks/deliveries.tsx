'use client';

import { milliseconds, plural, UNKNOWN } from '#src/format/numbers.ts';
import type { Status } from '#src/format/status.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Badge } from '#src/ui/status-badge.tsx';
import { Time } from '#src/ui/time.tsx';
import { type Delivery, eventName } from './events.ts';

const redeliver = graphql(`
  mutation Redeliver($id: ID!) { redeliver(input: { id: $id }) { ok errors { message } } }
`);

const STATES: Readonly<Record<Delivery['state'], readonly [Status, string]>> = {
  WAITING: ['queued', 'waiting'],
  DELIVERED: ['done', 'delivered'],
  FAILED: ['failed', 'failed'],
};

/** What was sent, and with which result. */
export function Deliveries({ deliveries, active }: { deliveries: readonly Delivery[]; active: boolean }) {
  const action = useAction();
  return (
    <>
      {deliveries.some(({ state }) => state === 'WAITING') && <Refresh seconds={2} />}
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <DataTable
        caption="Deliveries"
        rows={deliveries}
        keyOf={({ id }) => id}
        empty="Nothing yet. A test tells whether it works."
        columns={[
          { name: 'Event', cell: (delivery) => <Message delivery={delivery} /> },
          { name: 'State', cell: (delivery) => <State delivery={delivery} /> },
          { name: 'Status', right: true, cell: ({ statusCode }) => statusCode ?? UNKNOWN },
          { name: 'Took', right: true, from: 'md', cell: ({ milliseconds: ms }) => milliseconds(ms) },
          { name: 'At', time: ({ createdAt }) => createdAt, from: 'md' },
          {
            name: 'Actions',
            unseen: true,
            right: true,
            cell: ({ id, event }) =>
              active && (
                <Button
                  look="quiet"
                  disabled={action.pending}
                  aria-label={`Send again: ${eventName(event)}`}
                  onClick={() => void action.mutate(redeliver, { id })}
                >
                  Send again
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}

/** What was sent, on demand. */
function Message({ delivery: { event, body } }: { delivery: Delivery }) {
  return (
    <details className="max-w-96">
      <summary className="cursor-pointer font-medium whitespace-nowrap">{eventName(event)}</summary>
      <pre className="mt-1 font-mono text-small break-all whitespace-pre-wrap text-ink-soft">{body}</pre>
    </details>
  );
}

function State({ delivery }: { delivery: Delivery }) {
  const { state, attempts, error, answer, nextAt } = delivery;
  const [status, word] = STATES[state];
  return (
    <div className="grid max-w-80 gap-0.5">
      <Badge status={status} word={word} />
      {error && state !== 'DELIVERED' && (
        <span className="text-small break-words text-danger">
          {error}
          {answer && `: ${answer.slice(0, 200)}`}
        </span>
      )}
      {attempts > 1 && <span className="text-small text-ink-soft">{plural(attempts, 'attempt')}</span>}
      {attempts > 0 && nextAt && (
        <span className="text-small text-ink-soft">
          again <Time at={nextAt} />
        </span>
      )}
    </div>
  );
}
