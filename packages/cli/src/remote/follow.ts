import type { Client } from './client.ts';
import { graphql, type ResultOf, textOf } from './graphql.ts';

const runEvents = graphql(`
  subscription RunEvents($runId: ID!) { runEvents(runId: $runId) { __typename seq ... on StateEvent { state } } }
`);

/** What happened to a run, as the platform tells it. */
type RunNews = { readonly runId: string } & ResultOf<typeof runEvents>['runEvents'];

/** Follows runs by server-sent events, each from its first event on, until the runs are over or it is closed. */
export class RunFollower {
  private readonly streams;
  private readonly seen = new Map<string, number>();
  private readonly reading: Promise<void>[] = [];
  private readonly onNews: (news: RunNews) => void;
  private closed = false;

  constructor(client: Client, onNews: (news: RunNews) => void) {
    this.onNews = onNews;
    // A connection that breaks is made anew; what was told before is left out by its number.
    this.streams = import('graphql-sse').then(({ createClient }) =>
      createClient({ ...client.streaming(), retryAttempts: 20 }),
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

  private async read(runId: string): Promise<void> {
    const streams = await this.streams;
    const events = streams.iterate<ResultOf<typeof runEvents>>({
      query: textOf(runEvents),
      variables: { runId },
    });
    for await (const { data } of events) {
      const event = data?.runEvents;
      if (!event || event.seq <= (this.seen.get(runId) ?? 0)) continue;
      this.seen.set(runId, event.seq);
      this.onNews({ runId, ...event });
    }
  }
}
