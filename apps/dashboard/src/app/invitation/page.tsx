import type { Metadata } from 'next';
import { Logo } from '#src/frame/logo.tsx';
import { API, onBehalf } from '#src/graphql/server.ts';
import { InvitationForm } from '#src/sign-in/invitation-form.tsx';
import { ButtonLink } from '#src/ui/button.tsx';

export const metadata: Metadata = { title: 'Invitation' };

interface Invitation {
  readonly team: string;
  readonly role: string;
  readonly email: string | null;
}

export default async function InvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string }>;
}) {
  const { token = '' } = await searchParams;
  const invitation = await find(token);
  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-6 px-6 py-12">
      <Logo className="size-8" />
      {invitation ? (
        <>
          <div>
            <h1 className="text-title font-semibold">Join {invitation.team}</h1>
            <p className="mt-1 text-ink-soft">You are invited as {invitation.role}.</p>
          </div>
          <InvitationForm token={token} email={invitation.email} />
        </>
      ) : (
        <>
          <h1 className="text-title font-semibold">This invitation is no longer good</h1>
          <p className="text-ink-soft">It was used, revoked, or is too old. Ask for another one.</p>
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
