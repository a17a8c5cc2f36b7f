'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#src/ui/button.tsx';
import { TextField } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';

/** Somebody new: a name, an address, a password, and into the team. */
export function InvitationForm({ token, email }: { token: string; email: string | null }) {
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  async function join(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    const response = await fetch('/auth/sign-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ name: form.get('name'), email: form.get('email'), password: form.get('password') },
        invitation: token,
      }),
    }).catch(() => null);
    if (response?.ok) return location.assign('/');
    const answer = (await response?.json().catch(() => null)) as { message?: string } | null;
    setError(answer?.message ?? 'The server does not answer. Try again in a moment.');
    setPending(false);
  }

  return (
    <form onSubmit={join} className="grid gap-4">
      {error && <Notice kind="error">{error}</Notice>}
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
      <Button look="primary" type="submit" disabled={pending}>
        Join the team
      </Button>
    </form>
  );
}
