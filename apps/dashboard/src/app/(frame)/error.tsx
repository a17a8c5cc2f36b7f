'use client';

import { Button } from '#src/ui/button.tsx';

/** What a page shows that could not be made: what happened, what is safe, what to do, and an id to name it by. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <div role="alert" className="mx-auto max-w-lg px-6 py-24 text-center">
      <h1 className="text-title font-semibold">This page failed to load</h1>
      <p className="mt-2 text-ink-soft">
        Nothing that was stored is lost. Try again in a moment; if it happens again, give this id to whoever
        keeps the server.
      </p>
      {error.digest && <code className="mt-3 block font-mono text-small select-all">{error.digest}</code>}
      <Button look="primary" className="mt-6" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
