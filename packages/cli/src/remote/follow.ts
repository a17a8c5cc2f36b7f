import { setTimeout } from 'node:timers/promises';
import { type Client, graphql, type ResultOf, textOf } from '@espalier/client';

const runEvents = graphql(`
  subscription RunEvents($runId: ID!) { runEvents(runId: $runId) { __typename seq ... on StateEvent { state } } }
`);

/** What happened to a run, as the platform tells it. */
type RunNews = { readonly runId: string } & ResultOf<typeof runEvents>['runEvents'];

/** Before a connection that broke is made again: longer from one attempt to the next. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const ATTEMPTS = 20;

/**
 * Follows runs by server-sent events, each from its first event on, until the runs are over or it is closed. Where a
 * connection breaks, it goes on behind the last event: none is lost, and none is told twice.
 */
export class RunFollower {
  private readonly streams;
  /** The last event of each run that was told; 0 before the first. */
  private readonly seen = new Map<string, number>();
  private readonly reading: Promise<void>[] = [];
  private readonly onNews: (news: RunNews) => void;
  private closed = false;

  constructor(client: Client, onNews: (news: RunNews) => void) {
    this.onNews = onNews;
    const { url, headers } = client.streaming();
    this.streams = import('graphql-sse').then(({ createClient }) =>
      createClient({
        ...{ url, retryAttempts: ATTEMPTS },
        headers: ({ variables }) => ({ ...headers, ...this.lastEvent(String(variables?.runId)) }),
        retry: (retries) => setTimeout(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries)),
      }),
    );
  }

  /** The second time for the same run does nothing. */
  follow(runId: string): void {
    if (this.closed || this.seen.has(runId)) return;
    this.seen.set(runId, 0);
    // Whoever watches asks for the states as well: without the stream they come a little later.
    this.reading.push(this.read(runId).catch(() => {}));
  }

  /** Until all that happened to runs that are over is told. */
  async told(): Promise<void> {
    await Promise.all(this.reading);
  }

  close(): void {
    this.closed = true;
    void this.streams.then((streams) => streams.dispose());
  }

  private lastEvent(runId: string): Record<string, string> {
    const seq = this.seen.get(runId) ?? 0;
    return seq === 0 ? {} : { 'last-event-id': `${runId}.${seq}` };
  }

  private async read(runId: string): Promise<void> {
    const streams = await this.streams;
    const events = streams.iterate<ResultOf<typeof runEvents>>({
      query: textOf(runEvents),
      variables: { runId },
    });
    for await (const { data } of events) {
      const event = data?.runEvents;
      // Some may have come that were not told yet when the connection broke: they come again.
      if (!event || event.seq <= (this.seen.get(runId) ?? 0)) continue;
      this.seen.set(runId, event.seq);
      this.onNews({ runId, ...event });
    }
  }
}
