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

const invite = graphql(`
  mutation InviteMember($email: String, $role: Role!) {
    inviteMember(email: $email, role: $role) { ok error { message } invited { link } }
  }
`);

const revoke = graphql(`
  mutation RevokeInvitation($id: ID!) {
    revokeInvitation(id: $id) { ok error { message } }
  }
`);

interface Invitation {
  readonly id: string;
  readonly email: string | null;
  readonly role: Role;
  readonly expiresAt: string;
}

/** Links that let people in. Nothing is mailed: whoever makes one hands it on. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const action = useAction();
  const [link, setLink] = useState<string | null>(null);

  async function make(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const variables = { email: String(form.get('email')) || null, role: form.get('role') as Role };
    const answer = await action.run(async () => (await send(invite, variables)).inviteMember);
    setLink(answer?.invited?.link ?? null);
  }

  return (
    <div className="grid gap-3 pt-2">
      <form onSubmit={make} className="grid items-end gap-3 sm:grid-cols-[1fr_9rem_auto]">
        <Field label="E-mail (left out: anybody with the link)">
          {(props) => <Input {...props} name="email" type="email" />}
        </Field>
        <Field label="As">
          {(props) => (
            <Select {...props} name="role" defaultValue="editor">
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" disabled={action.pending}>
          Make a link
        </Button>
      </form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {link && <ShownOnce name="Invitation" secret={link} />}
      {invitations.length > 0 && (
        <Table caption="Open invitations">
          <thead>
            <tr>
              <Th>For</Th>
              <Th>Role</Th>
              <Th right>Expires</Th>
              <Th right>Link</Th>
            </tr>
          </thead>
          <tbody>
            {invitations.map(({ id, email, role, expiresAt }) => (
              <Tr key={id}>
                <Td>{email ?? 'anybody with the link'}</Td>
                <Td>{role}</Td>
                <Td right className="text-ink-soft">
                  <Time at={expiresAt} />
                </Td>
                <Td right>
                  <Button
                    look="quiet"
                    disabled={action.pending}
                    onClick={() => action.run(async () => (await send(revoke, { id })).revokeInvitation)}
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
