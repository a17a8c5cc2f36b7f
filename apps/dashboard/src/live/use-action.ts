'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useState, useTransition } from 'react';
import type { AnyDocument } from '#src/graphql/ask.ts';
import { send } from '#src/graphql/browser.ts';
import type { ResultOf, VariablesOf } from '#src/graphql/graphql.ts';
import type { Refusal } from './refusal.ts';

interface Answer {
  readonly ok: boolean;
  readonly errors?: readonly Refusal[];
}

/**
 * Carries something out once at a time, keeps what to tell if it was refused, and has the page made again; it is `pending`
 * until that is there. `run`
 * takes what asks the API and gives back the mutation's answer, or null where it did not come to one; `mutate` does
 * so with a document of mutations, and answers with the first that was refused, else the last.
 */
export function useAction() {
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  // Until the page shows what became of it, it still says what was before.
  const [refreshing, startRefreshing] = useTransition();
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const run = useCallback(
    async <T extends Answer>(work: () => Promise<T>): Promise<T | null> => {
      setAsking(true);
      setRefusals([]);
      try {
        const answer = await work();
        if (!answer.ok) setRefusals(answer.errors ?? [{ message: 'That was refused.' }]);
        startRefreshing(() => router.refresh());
        return answer.ok ? answer : null;
      } catch (problem) {
        const message = problem instanceof Error ? problem.message : String(problem);
        setRefusals([{ message }]);
        return null;
      } finally {
        setAsking(false);
      }
    },
    [router],
  );
  const mutate = <D extends AnyDocument>(document: D, variables: VariablesOf<D>) =>
    run(async () => {
      const answers: (Answer & ResultOf<D>[keyof ResultOf<D>])[] = Object.values(
        await send(document, variables),
      );
      const answer = answers.find(({ ok }) => !ok) ?? answers.at(-1);
      if (!answer) throw new Error('The API did not answer.');
      return answer;
    });
  /** What was refused is being changed: whether it is right now is not known. */
  const forget = useCallback(() => setRefusals((before) => (before.length > 0 ? [] : before)), []);
  return {
    run,
    mutate,
    forget,
    pending: asking || refreshing,
    refusals,
    error: refusals[0]?.message ?? null,
  };
}
