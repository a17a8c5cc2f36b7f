'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { ShownOnce } from '#src/team/shown-once.tsx';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';

const testWebhook = graphql(`
  mutation TestWebhook($id: ID!) { testWebhook(input: { id: $id }) { ok errors { message } } }
`);

const switchWebhook = graphql(`
  mutation SwitchWebhook($id: ID!, $active: Boolean!) {
    updateWebhook(input: { id: $id, active: $active }) { ok errors { message } }
  }
`);

const rotateSecret = graphql(`
  mutation RotateWebhookSecret($id: ID!) {
    rotateWebhookSecret(input: { id: $id }) { ok errors { message } secret }
  }
`);

const deleteWebhook = graphql(`
  mutation DeleteWebhook($id: ID!) { deleteWebhook(input: { id: $id }) { ok errors { message } } }
`);

/** What an administrator does with one. */
export function WebhookActions({ id, active }: { id: string; active: boolean }) {
  const router = useRouter();
  const action = useAction();
  const [secret, setSecret] = useState<string | null>(null);

  async function rotate(): Promise<void> {
    const question = 'Make another secret? The one that there is signs beside it for 24 hours.';
    if (!confirm(question)) return;
    setSecret((await action.mutate(rotateSecret, { id }))?.secret ?? null);
  }

  async function remove(): Promise<void> {
    if (!confirm('Delete this webhook, and its log with it?')) return;
    if (await action.mutate(deleteWebhook, { id })) router.push('/team');
  }

  return (
    <div className="mb-6 grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          disabled={action.pending || !active}
          onClick={() => void action.mutate(testWebhook, { id })}
        >
          Send a test
        </Button>
        <Button
          disabled={action.pending}
          onClick={() => void action.mutate(switchWebhook, { id, active: !active })}
        >
          {active ? 'Switch off' : 'Switch on'}
        </Button>
        <Button disabled={action.pending} onClick={() => void rotate()}>
          New secret
        </Button>
        <Button look="danger" disabled={action.pending} onClick={() => void remove()}>
          Delete
        </Button>
      </div>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {secret && <ShownOnce name="Secret that signs" secret={secret} />}
    </div>
  );
}
