import type { Metadata } from 'next';
import Link from 'next/link';
import { Logo } from '#src/frame/logo.tsx';
import { isSignUpOpen } from '#src/sign-in/open-sign-up.ts';
import { refusedWords } from '#src/sign-in/refused.ts';
import { SignInForm } from '#src/sign-in/sign-in-form.tsx';
import { Notice } from '#src/ui/notice.tsx';

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
          {isLink ? 'This sign-in link is over' : 'Sign in to Espalier'}
        </h1>
      </div>
      {isLink && (
        <Notice kind="error">
          A link works once, for 15 minutes. Sign in with your password, or make another link as said below.
        </Notice>
      )}
      <SignInForm next={typeof next === 'string' ? next : '/'} refused={refusedWords(refused)} />
      <dl className="grid gap-3 text-ink-soft">
        {(await isSignUpOpen()) ? (
          <div>
            <dt className="font-medium">New here?</dt>
            <dd>
              <Link href="/sign-up" className="underline">
                Create an account
              </Link>
            </dd>
          </div>
        ) : (
          <div>
            <dt className="font-medium">No account yet?</dt>
            <dd>Ask an administrator of your team for an invitation, and open its link.</dd>
          </div>
        )}
        <div>
          <dt className="font-medium">You run Espalier yourself, or forgot the password?</dt>
          <dd>
            In its folder,{' '}
            <code className="font-mono text-small whitespace-nowrap">npm start -- --sign-in-link</code> shows
            a link that signs you in; with an e-mail address behind it, the person of that address.
          </dd>
        </div>
      </dl>
    </main>
  );
}
