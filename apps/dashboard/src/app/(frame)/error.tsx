'use client';

import { Button } from '#src/ui/button.tsx';

/**
 * What stands in the place of a page that could not be made: what happened, what is safe, what to do, and an id to
 * name it by.
 *
 * @param retry asks the server for the page again
 */
export default function PageError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <div role="alert" className="mx-auto max-w-lg px-6 py-24 text-center">
      <h1 className="text-title font-semibold">This page failed to load</h1>
      <p className="mt-2 text-ink-soft">
        Nothing that was stored is lost. Try again in a moment. If it fails again, send this id to the person
        who runs the platform.
      </p>
      {error.digest && <code className="mt-3 block font-mono text-small select-all">{error.digest}</code>}
      <Button look="primary" className="mt-6" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}
