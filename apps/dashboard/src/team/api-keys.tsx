'use client';

import { type FormEvent, useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Field, TextField } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Time } from '#src/ui/time.tsx';
import { RoleSelect } from './role-select.tsx';
import type { Role } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';
import type { ApiKey } from './team-query.ts';

const createKey = graphql(`
  mutation CreateApiKey($name: String!, $role: Role!) {
    createApiKey(name: $name, role: $role) { ok error { message } apiKey { key } }
  }
`);

const revokeKey = graphql(`
  mutation RevokeApiKey($id: ID!) {
    revokeApiKey(id: $id) { ok error { message } }
  }
`);

/** Keys for commands and scripts; none allows more than its owner may. */
export function ApiKeys({ keys }: { keys: readonly ApiKey[] }) {
  const action = useAction();
  const [made, setMade] = useState<string | null>(null);

  async function make(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const variables = { name: String(form.get('name')), role: form.get('role') as Role };
    const answer = await action.run(async () => (await send(createKey, variables)).createApiKey);
    setMade(answer?.apiKey?.key ?? null);
  }

  return (
    <div className="grid gap-3 pt-2">
      <form onSubmit={make} className="grid items-end gap-3 sm:grid-cols-[1fr_9rem_auto]">
        <TextField label="What it is for" name="name" required />
        <Field label="May act as">
          {(props) => <RoleSelect {...props} name="role" defaultValue="viewer" />}
        </Field>
        <Button type="submit" disabled={action.pending}>
          Create key
        </Button>
      </form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {made && <ShownOnce name="API key" secret={made} />}
      {keys.length > 0 && (
        <DataTable
          caption="API keys"
          rows={keys}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Name', className: 'font-medium', cell: ({ name }) => name },
            { name: 'Begins with', className: 'font-mono text-small', cell: ({ prefix }) => `${prefix}…` },
            { name: 'Role', cell: ({ role }) => role },
            { name: 'Last used', time: ({ lastUsedAt }) => lastUsedAt, from: 'md' },
            {
              name: 'Expires',
              right: true,
              from: 'md',
              className: 'text-ink-soft',
              cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never'),
            },
            {
              name: 'Key',
              right: true,
              cell: ({ id, name }) => (
                <Button
                  look="quiet"
                  disabled={action.pending}
                  aria-label={`Revoke ${name}`}
                  onClick={() => action.run(async () => (await send(revokeKey, { id })).revokeApiKey)}
                >
                  Revoke
                </Button>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
