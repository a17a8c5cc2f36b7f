'use client';

import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { ShownOnce } from '#src/team/shown-once.tsx';
import { Button } from '#src/ui/button.tsx';
import { TextField, Tick } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { EVENTS, type WebhookEvent } from './events.ts';

const createWebhook = graphql(`
  mutation CreateWebhook($url: String!, $events: [WebhookEvent!]!) {
    createWebhook(input: { url: $url, events: $events }) { ok errors { message } secret }
  }
`);

/** Where to, and of what. */
export function NewWebhook() {
  const action = useAction();
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState<string | null>(null);
  const [events, setEvents] = useState<readonly WebhookEvent[]>(EVENTS.map(({ id }) => id));

  async function make(): Promise<void> {
    const answer = await action.mutate(createWebhook, { url, events: [...events] });
    setSecret(answer?.secret ?? null);
    // A second press would make another one of the same address.
    if (answer) setUrl('');
  }

  return (
    <>
      <Form onSend={make} className="grid gap-3">
        <TextField
          label="Address"
          name="url"
          type="url"
          placeholder="https://ci.example.org/hook"
          hint="It gets a signed POST with JSON. Nothing is sent until something happens: open it below to send a test."
          value={url}
          onChange={setUrl}
          required
        />
        <fieldset className="grid gap-1">
          <legend className="mb-1 font-medium">Events</legend>
          {EVENTS.map(({ id, name, what }) => (
            <Tick
              key={id}
              label={what}
              hint={name}
              checked={events.includes(id)}
              onChange={(on) => setEvents(on ? [...events, id] : events.filter((one) => one !== id))}
            />
          ))}
        </fieldset>
        <div>
          <Button type="submit" disabled={action.pending}>
            {action.pending ? 'Creating …' : 'Create webhook'}
          </Button>
        </div>
      </Form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {secret && <ShownOnce name="Secret that signs" secret={secret} />}
    </>
  );
}
