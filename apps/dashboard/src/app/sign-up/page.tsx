import type { Metadata } from 'next';
import { Logo } from '#src/frame/logo.tsx';
import { isSignUpOpen } from '#src/sign-in/open-sign-up.ts';
import { refusedWords } from '#src/sign-in/refused.ts';
import { SignUpForm } from '#src/sign-in/sign-up-form.tsx';
import { ButtonLink } from '#src/ui/button.tsx';

export const metadata: Metadata = { title: 'Create an account' };

export default async function SignUpPage({
  searchParams,
}: {
  searchParams: Promise<{ refused?: string | string[] }>;
}) {
  const { refused } = await searchParams;
  const isOpen = await isSignUpOpen();
  return (
    <main className="mx-auto flex min-h-screen max-w-sm flex-col justify-center gap-6 px-6 py-12">
      <Logo className="size-8" />
      <div>
        <h1 className="text-title font-semibold">
          {isOpen ? 'Create an account' : 'Accounts are by invitation'}
        </h1>
        <p className="mt-1 text-ink-soft">
          {isOpen
            ? 'You get a team of your own and can invite people to it.'
            : 'Ask an administrator of your team for an invitation and open its link.'}
        </p>
      </div>
      {isOpen && <SignUpForm invitation={null} refused={refusedWords(refused)} />}
      <ButtonLink href="/sign-in">To the sign-in page</ButtonLink>
    </main>
  );
}
