'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import type { Refusal } from './refusal.ts';

interface Answer {
  readonly ok: boolean;
  readonly error: { readonly message: string; readonly fields?: readonly string[] } | null;
}

/**
 * Carries something out once at a time, keeps what to tell if it was refused, and has the page made again. `run`
 * takes what asks the API and gives back the mutation's answer, or null where it did not come to one.
 */
export function useAction() {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const run = useCallback(
    async <T extends Answer>(work: () => Promise<T>): Promise<T | null> => {
      setPending(true);
      setRefusal(null);
      try {
        const answer = await work();
        if (!answer.ok) setRefusal({ message: 'That was refused.', fields: [], ...answer.error });
        router.refresh();
        return answer.ok ? answer : null;
      } catch (problem) {
        const message = problem instanceof Error ? problem.message : String(problem);
        setRefusal({ message, fields: [] });
        return null;
      } finally {
        setPending(false);
      }
    },
    [router],
  );

  return { run, pending, refusal, error: refusal?.message ?? null };
}
