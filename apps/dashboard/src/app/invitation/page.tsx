import { createHash } from 'node:crypto';
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { Logo } from '#src/frame/logo.tsx';
import { API, onBehalf } from '#src/graphql/server.ts';
import { refusedWords } from '#src/sign-in/refused.ts';
import { SignUpForm } from '#src/sign-in/sign-up-form.tsx';
import { ButtonLink } from '#src/ui/button.tsx';

export const metadata: Metadata = { title: 'Invitation' };

interface Invitation {
  readonly team: string;
  readonly role: string;
  readonly email: string | null;
}

/** Where the link of an invitation leads, which has left its token in a cookie: an address is kept and told. */
const COOKIE = 'espalier-invitation';

/** Why there is no form, and what to do. */
const GONE = {
  none: {
    title: 'Open the link of an invitation',
    remedy: 'This page needs the link that you were sent. No link yet? Ask an administrator of the team.',
  },
  over: {
    title: 'This invitation is over',
    remedy: 'It was used, revoked, or is too old. Ask an administrator of the team for another one.',
  },
  limit: {
    title: 'Too many attempts',
    remedy: 'Too many wrong links were opened from your address. Wait some minutes and open the link again.',
  },
};

export default async function InvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ refused?: string | string[] }>;
}) {
  const { refused } = await searchParams;
  const token = (await cookies()).get(COOKIE)?.value ?? '';
  const invitation = token === '' ? null : await find(token);
  const words = refusedWords(refused);
  const reason = refused === 'limit' ? 'limit' : refused === undefined ? 'none' : 'over';
  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-6 px-6 py-12">
      <Logo className="size-8" />
      {invitation ? (
        <>
          <div>
            <h1 className="text-title font-semibold">Join {invitation.team}</h1>
            <p className="mt-1 text-ink-soft">
              You are invited as {invitation.role}. On Espalier teams prune neural networks, keep every result
              and compare them.
            </p>
          </div>
          <SignUpForm
            invitation={{
              shown: createHash('sha256').update(token).digest('hex'),
              email: invitation.email,
            }}
            refused={words}
          />
        </>
      ) : (
        <>
          <h1 className="text-title font-semibold">{GONE[reason].title}</h1>
          <p className="text-ink-soft">{GONE[reason].remedy}</p>
          <ButtonLink href="/sign-in">To the sign-in page</ButtonLink>
        </>
      )}
    </main>
  );
}

async function find(token: string): Promise<Invitation | null> {
  const response = await fetch(`${API}/auth/invitation?token=${encodeURIComponent(token)}`, {
    headers: await onBehalf(),
    cache: 'no-store',
  });
  return response.ok ? ((await response.json()) as Invitation) : null;
}
