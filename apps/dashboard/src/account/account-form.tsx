'use client';

import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';

const updateAccount = graphql(`
  mutation UpdateAccount($name: String, $email: String, $password: String, $currentPassword: String) {
    updateAccount(input: { name: $name, email: $email, password: $password, currentPassword: $currentPassword }) {
      ok
      errors { message }
    }
  }
`);

/** Name, address and password. Who came by a sign-in link sets a first password without having one. */
export function AccountForm({
  name,
  email,
  needsCurrent,
}: {
  name: string;
  email: string;
  needsCurrent: boolean;
}) {
  const action = useAction();
  const [saved, setSaved] = useState(false);

  async function save(form: FormData): Promise<void> {
    setSaved(false);
    const value = (key: string) => String(form.get(key) ?? '') || null;
    const changed = value('email') !== email || value('password') !== null;
    const variables = {
      ...{ name: value('name'), email: value('email'), password: value('password') },
      currentPassword: changed ? value('currentPassword') : null,
    };
    const answer = await action.mutate(updateAccount, variables);
    setSaved(answer !== null);
  }

  return (
    <Form
      onSend={save}
      submit="Save"
      submitClass="justify-self-start"
      disabled={action.pending}
      className="grid max-w-md gap-4"
    >
      {action.error && <Notice kind="error">{action.error}</Notice>}
      {saved && <Notice>Saved.</Notice>}
      <TextField label="Name" name="name" autoComplete="name" defaultValue={name} required />
      <TextField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={email}
        required
      />
      <TextField
        label="New password"
        hint="left out, it stays; a new one ends your other sessions"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
      />
      {needsCurrent && (
        <TextField
          label="Current password"
          hint="for a new address or password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
        />
      )}
    </Form>
  );
}
