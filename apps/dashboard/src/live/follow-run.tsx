'use client';

import { createClient } from 'graphql-sse';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { isReached } from './reach.ts';

/** At most one look at the page for all the events of so long. */
const PAUSE_MS = 700;

/**
 * Follows a run's events and asks for the page again when there are new ones. The stream resumes behind the last
 * event that was read, so that nothing is missed when the connection breaks.
 */
export function FollowRun({ runId, afterSeq }: { runId: string; afterSeq: number }) {
  const router = useRouter();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stream keeps its own place once it runs
  useEffect(() => {
    let last = afterSeq;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const client = createClient({ url: '/graphql/stream', credentials: 'same-origin', retryAttempts: 1000 });
    const refresh = async () => {
      if (await isReached()) router.refresh();
    };
    let unsubscribe = () => {};
    const subscribe = () => {
      unsubscribe = client.subscribe<{ runEvents: { seq: number } }>(
        {
          query:
            'subscription ($runId: ID!, $afterSeq: Int!) { runEvents(runId: $runId, afterSeq: $afterSeq) { seq } }',
          variables: { runId, afterSeq: last },
        },
        {
          next: ({ data }) => {
            if (!data) return;
            last = data.runEvents.seq;
            timer ??= setTimeout(() => {
              timer = undefined;
              void refresh();
            }, PAUSE_MS);
          },
          error: () => {},
          complete: () => {},
        },
      );
    };
    subscribe();
    // Progress between events, and whatever a broken stream did not tell.
    const slow = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, 3000);
    return () => {
      clearTimeout(timer);
      clearInterval(slow);
      unsubscribe();
      client.dispose();
    };
  }, [runId]);
  return null;
}
