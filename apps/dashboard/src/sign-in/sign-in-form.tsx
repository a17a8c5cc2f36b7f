'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#src/ui/button.tsx';
import { TextField } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';

export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  async function signIn(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    const problem = await trySignIn(String(form.get('email')), String(form.get('password')));
    if (problem === null) location.assign(next);
    else {
      setError(problem);
      setPending(false);
    }
  }

  return (
    <form onSubmit={signIn} className="grid gap-4">
      {error && <Notice kind="error">{error}</Notice>}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      <Button look="primary" type="submit" disabled={pending}>
        Sign in
      </Button>
    </form>
  );
}

/** null if it worked, else what to tell. */
async function trySignIn(email: string, password: string): Promise<string | null> {
  const response = await fetch('/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  }).catch(() => null);
  if (!response) return 'The server does not answer. Try again in a moment.';
  if (response.ok) return null;
  if (response.status === 429) return 'Too many attempts. Wait a minute and try again.';
  if (response.status === 401) return 'E-mail or password is wrong.';
  const { message } = (await response.json().catch(() => ({}))) as { message?: string };
  return message ?? `Signing in failed (${response.status}).`;
}
