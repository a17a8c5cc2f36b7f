'use client';

import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Time } from '#src/ui/time.tsx';
import { ROLES, type Role } from './roles.ts';
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

  async function make(form: FormData): Promise<void> {
    const variables = { name: String(form.get('name')), role: form.get('role') as Role };
    const answer = await action.mutate(createKey, variables);
    setMade(answer?.apiKey?.key ?? null);
  }

  return (
    <div className="grid gap-3 pt-2">
      <Form onSend={make} className="grid items-end gap-3 sm:grid-cols-[1fr_9rem_auto]">
        <TextField label="What it is for" name="name" required />
        <ChoiceField label="May act as" name="role" options={ROLES} defaultValue="viewer" />
        <Button type="submit" disabled={action.pending}>
          Create key
        </Button>
      </Form>
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
                  onClick={() => action.mutate(revokeKey, { id })}
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
