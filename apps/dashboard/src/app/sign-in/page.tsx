import type { Metadata } from 'next';
import { Logo } from '#src/frame/logo.tsx';
import { refusedWords } from '#src/sign-in/refused.ts';
import { SignInForm } from '#src/sign-in/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[]; refused?: string | string[] }>;
}) {
  const { next, refused } = await searchParams;
  const isLink = refused === 'link';
  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-6 px-6 py-12">
      <div className="flex items-center gap-3">
        <Logo className="size-8" />
        <h1 className="text-title font-semibold">
          {isLink ? 'This sign-in link is no longer good' : 'Sign in to Espalier'}
        </h1>
      </div>
      {isLink && (
        <p className="text-ink-soft">
          It was used, or is older than 15 minutes. Ask for another one, or sign in with your password.
        </p>
      )}
      <SignInForm next={typeof next === 'string' ? next : '/'} refused={refusedWords(refused)} />
      <p className="text-ink-soft">
        No password yet? Open the sign-in link that{' '}
        <code className="font-mono text-small">npm start -- --sign-in-link</code> shows, or the invitation
        that you were sent.
      </p>
    </main>
  );
}
