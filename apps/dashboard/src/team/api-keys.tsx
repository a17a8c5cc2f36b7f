'use client';

import { type FormEvent, useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Field, Input, Select } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
import { ROLES, type Role } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';

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

interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
}

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
        <Field label="What it is for">{(props) => <Input {...props} name="name" required />}</Field>
        <Field label="May act as">
          {(props) => (
            <Select {...props} name="role" defaultValue="viewer">
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" disabled={action.pending}>
          Create key
        </Button>
      </form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {made && <ShownOnce name="API key" secret={made} />}
      {keys.length > 0 && (
        <Table caption="API keys">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Begins with</Th>
              <Th>Role</Th>
              <Th right className="hidden md:table-cell">
                Last used
              </Th>
              <Th right className="hidden md:table-cell">
                Expires
              </Th>
              <Th right>Key</Th>
            </tr>
          </thead>
          <tbody>
            {keys.map(({ id, name, prefix, role, lastUsedAt, expiresAt }) => (
              <Tr key={id}>
                <Td className="font-medium">{name}</Td>
                <Td className="font-mono text-small">{prefix}…</Td>
                <Td>{role}</Td>
                <Td right className="hidden text-ink-soft md:table-cell">
                  <Time at={lastUsedAt} />
                </Td>
                <Td right className="hidden text-ink-soft md:table-cell">
                  {expiresAt ? <Time at={expiresAt} /> : 'never'}
                </Td>
                <Td right>
                  <Button
                    look="quiet"
                    disabled={action.pending}
                    aria-label={`Revoke ${name}`}
                    onClick={() => action.run(async () => (await send(revokeKey, { id })).revokeApiKey)}
                  >
                    Revoke
                  </Button>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
