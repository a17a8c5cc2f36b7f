'use client';

import { TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { useEntry } from './use-entry.ts';

const WORDS = {
  401: 'E-mail or password is wrong.',
  429: 'Too many attempts. Wait a minute and try again.',
};

export function SignInForm({ next }: { next: string }) {
  const { enter, error, pending } = useEntry('/auth/sign-in/email', next, WORDS);
  return (
    <Form
      onSend={(form) => enter({ email: form.get('email'), password: form.get('password') })}
      submit="Sign in"
      submitClass=""
      disabled={pending}
      className="grid gap-4"
    >
      {error && <Notice kind="error">{error}</Notice>}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
    </Form>
  );
}
