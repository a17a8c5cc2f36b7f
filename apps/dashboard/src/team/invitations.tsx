'use client';

import { useState } from 'react';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { ROLES, type Role } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';
import type { Invitation } from './team-query.ts';

const invite = graphql(`
  mutation InviteMember($email: String, $role: Role!) {
    inviteMember(input: { email: $email, role: $role }) { ok errors { message } link }
  }
`);

const revoke = graphql(`
  mutation RevokeInvitation($id: ID!) {
    revokeInvitation(input: { id: $id }) { ok errors { message } }
  }
`);

/** Links that let people in. Nothing is mailed: whoever makes one hands it on. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const action = useAction();
  const [link, setLink] = useState<string | null>(null);

  async function make(form: FormData): Promise<void> {
    const variables = { email: String(form.get('email')) || null, role: form.get('role') as Role };
    const answer = await action.mutate(invite, variables);
    setLink(answer?.link ?? null);
  }

  return (
    <div className="grid gap-3 pt-2">
      <Form onSend={make} className="grid items-start gap-3 sm:grid-cols-[1fr_9rem_auto]">
        <TextField
          label="E-mail"
          hint="Optional: then only this address may join. Nothing is mailed: hand the link on."
          name="email"
          type="email"
        />
        <ChoiceField label="As" name="role" options={ROLES} defaultValue="EDITOR" />
        <Button type="submit" disabled={action.pending} className="sm:mt-6">
          Make a link
        </Button>
      </Form>
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {link && <ShownOnce name="Invitation" secret={link} />}
      {invitations.length > 0 && (
        <DataTable
          caption="Open invitations"
          rows={invitations}
          keyOf={({ id }) => id}
          columns={[
            { name: 'For', cell: ({ email }) => email ?? 'anybody with the link' },
            { name: 'Role', cell: ({ role }) => wordOf(role) },
            { name: 'Expires', time: ({ expiresAt }) => expiresAt },
            {
              name: 'Link',
              right: true,
              cell: ({ id }) => (
                <Button look="quiet" disabled={action.pending} onClick={() => action.mutate(revoke, { id })}>
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
