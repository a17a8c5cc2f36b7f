'use client';

import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { useEntry } from './use-entry.ts';

const ACTION = '/auth/form/sign-up';

/** Somebody new: a name, an address, a password. */
export function SignUpForm({
  invitation,
  refused,
}: {
  /** Null where sign-up is open: the person gets a team of their own. */
  invitation: {
    /** Tells the invitation from another one that was opened meanwhile; its token is in a cookie. */
    readonly shown: string;
    /** Of whom it is for; null: for anybody. */
    readonly email: string | null;
  } | null;
  refused: string | null;
}) {
  const { enter, error, pending } = useEntry(ACTION, refused);
  const email = invitation?.email ?? null;
  return (
    <Form
      action={ACTION}
      onSend={enter}
      submit={invitation ? 'Join the team' : 'Create the account'}
      submitClass=""
      disabled={pending}
      className="grid gap-4"
    >
      {error && <Notice kind="error">{error}</Notice>}
      {invitation && <input type="hidden" name="invitation" value={invitation.shown} />}
      <TextField label="Name" name="name" autoComplete="name" required />
      {!invitation && (
        <TextField
          label="Name of your team"
          hint="left out: your name and “team”; it can be changed later"
          name="team"
          autoComplete="organization"
        />
      )}
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
