'use client';

import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { useEntry } from './use-entry.ts';

const ACTION = '/auth/form/sign-up';

/** Somebody new: a name, an address, a password, and into the team. */
export function InvitationForm({
  shown,
  email,
  refused,
}: {
  /** Tells the invitation from another one that was opened meanwhile; its token is in a cookie. */
  shown: string;
  email: string | null;
  refused: string | null;
}) {
  const { enter, error, pending } = useEntry(ACTION, refused);
  return (
    <Form
      action={ACTION}
      onSend={enter}
      submit="Join the team"
      submitClass=""
      disabled={pending}
      className="grid gap-4"
    >
      {error && <Notice kind="error">{error}</Notice>}
      <input type="hidden" name="invitation" value={shown} />
      <TextField label="Name" name="name" autoComplete="name" required />
      <TextField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={email ?? ''}
        readOnly={email !== null}
        required
      />
      <TextField
        label="Password"
        hint="at least 8 characters"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        required
      />
    </Form>
  );
}
