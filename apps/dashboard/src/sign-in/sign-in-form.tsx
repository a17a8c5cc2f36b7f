'use client';

import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { useEntry } from './use-entry.ts';

const ACTION = '/auth/form/sign-in';

/** @param next where to go then: whether it is a page of ours is for the API to say */
export function SignInForm({ next, refused }: { next: string; refused: string | null }) {
  const { enter, error, pending } = useEntry(ACTION, refused);
  return (
    <Form
      action={ACTION}
      onSend={enter}
      submit="Sign in"
      submitClass=""
      disabled={pending}
      className="grid gap-4"
    >
      {error && <Notice kind="error">{error}</Notice>}
      <input type="hidden" name="next" value={next} />
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
    </Form>
  );
}
