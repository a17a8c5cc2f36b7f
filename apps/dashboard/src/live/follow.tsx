'use client';

import { print } from '@0no-co/graphql.web';
import { createClient } from 'graphql-sse';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { AnyDocument } from '#src/graphql/ask.ts';
import { graphql, type ResultOf, type VariablesOf } from '#src/graphql/graphql.ts';
import { isReached } from './reach.ts';

/** One look at the page for all that happens in so long. */
const EVENTS_MS = 700;
/** And one for all that goes on in so long: progress is told a few times a second. */
const PROGRESS_MS = 3000;
/** Without the stream the page is looked at this often, and the stream is tried again. */
const POLL_MS = 3000;

const runsStream = graphql(`
  subscription FollowRuns($experimentId: ID!, $after: String) {
    experimentEvents(experimentId: $experimentId, after: $after) { run { id } cursor event { seq } }
  }
`);

const workersStream = graphql(`
  subscription FollowWorkers { workerEvents { kind } }
`);

interface Followed {
  readonly experimentId: string;
  /** The experiment's cursor as the page was made. */
  readonly after: string | null;
  /** Only this one of its runs. */
  readonly runId?: string;
}

/** Asks for the page again when there is news of an experiment's runs. */
export function FollowRuns({ experimentId, after, runId }: Followed) {
  const variables = { experimentId, after };
  useStream(runsStream, variables, ({ experimentEvents: { run, cursor, event } }) => {
    // A connection that breaks goes on behind it.
    variables.after = cursor;
    if (runId !== undefined && run.id !== runId) return null;
    return event ? EVENTS_MS : PROGRESS_MS;
  });
  return null;
}

/** Asks for the page again when something has become of a worker. */
export function FollowWorkers() {
  useStream(workersStream, {}, () => EVENTS_MS);
  return null;
}

/** @param patience for how long what was told may wait; null for what the page does not show */
function useStream<D extends AnyDocument>(
  subscription: D,
  variables: VariablesOf<D>,
  patience: (told: ResultOf<D>) => number | null,
): void {
  const router = useRouter();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one stream for as long as the page is open
  useEffect(() => {
    let isDown = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = Number.POSITIVE_INFINITY;
    const refresh = async () => {
      due = Number.POSITIVE_INFINITY;
      if (await isReached()) router.refresh();
    };
    const client = createClient({
      url: '/graphql/stream',
      credentials: 'same-origin',
      retryAttempts: Number.POSITIVE_INFINITY,
      retry: () => new Promise((resolve) => setTimeout(resolve, POLL_MS)),
      on: {
        connecting: (again) => {
          isDown = again;
        },
        connected: () => {
          isDown = false;
        },
      },
    });
    client.subscribe<ResultOf<D>>(
      { query: print(subscription), variables },
      {
        next: ({ data }) => {
          const wait = data ? patience(data) : null;
          if (wait === null || Date.now() + wait >= due) return;
          due = Date.now() + wait;
          clearTimeout(timer);
          timer = setTimeout(refresh, wait);
        },
        error: () => {
          isDown = true;
        },
        complete: () => {},
      },
    );
    const poll = setInterval(() => {
      if (isDown && document.visibilityState === 'visible') void refresh();
    }, POLL_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(poll);
      client.dispose();
    };
  }, []);
}
