'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';

interface Answer {
  readonly ok: boolean;
  readonly error: { readonly message: string } | null;
}

/**
 * Carries something out once at a time, keeps what to tell if it was refused, and has the page made again. `run`
 * takes what asks the API and gives back the mutation's answer, or null where it did not come to one.
 */
export function useAction() {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const run = useCallback(
    async <T extends Answer>(work: () => Promise<T>): Promise<T | null> => {
      setPending(true);
      setError(null);
      try {
        const answer = await work();
        if (!answer.ok) setError(answer.error?.message ?? 'That was refused.');
        router.refresh();
        return answer.ok ? answer : null;
      } catch (problem) {
        setError(problem instanceof Error ? problem.message : String(problem));
        return null;
      } finally {
        setPending(false);
      }
    },
    [router],
  );

  return { run, pending, error };
}
