import type { Services } from '../graphql/context.ts';
import { type Attempt, type Due, noteAttempt, settled, takeDue } from './outbox.ts';
import { post, whyNot } from './post.ts';
import { secondsOf } from './retry-after.ts';
import { signedHeaders } from './signature.ts';

/** What is to be tried again, or was told of and missed, is looked for this often. */
const POLL_MS = 5000;
/** Under way at once: of one webhook one, so that one that hangs holds up nobody else. */
const AT_ONCE = { all: 16, team: 4 } as const;

type Needed = Pick<Services, 'database' | 'events' | 'webhookGuard'>;

/** Sends what webhooks are to be told. Several processes may do it at once: each delivery is sent by one of them. */
export class Sender {
  private readonly services: Needed;
  private readonly onError: (error: unknown) => void;
  /** Teams by their webhooks that something is on its way to. */
  private readonly busy = new Map<string, string>();
  private readonly sending = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private waiting = new AbortController();
  private readonly running: Promise<void>;

  constructor(services: Needed, onError: (error: unknown) => void) {
    this.services = services;
    this.onError = onError;
    this.running = this.run();
  }

  /** What is on its way gets there, or is given up, within seconds. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.waiting.abort();
    await this.running;
    await Promise.all(this.sending);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const waiting = new AbortController();
      this.waiting = waiting;
      // Asked for before looking, so that nothing falls in between.
      const news = this.services.events.next([{ kind: 'webhooks' }], POLL_MS, waiting.signal);
      try {
        while (await this.takeOne());
      } catch (error) {
        this.onError(error);
      }
      await news;
    }
  }

  /** @returns whether there may be more */
  private async takeOne(): Promise<boolean> {
    if (this.busy.size >= AT_ONCE.all || this.stopping.signal.aborted) return false;
    const { prisma } = this.services.database;
    const due = await takeDue(prisma, { webhooks: [...this.busy.keys()], teams: this.fullTeams() });
    if (!due) return false;
    this.busy.set(due.webhookId, due.teamId);
    const sending = this.send(due)
      .catch(this.onError)
      .finally(() => {
        this.busy.delete(due.webhookId);
        this.sending.delete(sending);
        // There may be more for the same webhook.
        this.waiting.abort();
      });
    this.sending.add(sending);
    return true;
  }

  private fullTeams(): string[] {
    const counts = new Map<string, number>();
    for (const teamId of this.busy.values()) counts.set(teamId, (counts.get(teamId) ?? 0) + 1);
    return [...counts].flatMap(([teamId, count]) => (count >= AT_ONCE.team ? [teamId] : []));
  }

  private async send(due: Due): Promise<void> {
    const { prisma } = this.services.database;
    const body = due.body ?? (await settled(prisma, due));
    if (body === null) return;
    await noteAttempt(prisma, due, await this.attempt(due, body));
  }

  private async attempt({ id, url, secret, oldSecret }: Due, body: string): Promise<Attempt> {
    const began = performance.now();
    try {
      const secrets = oldSecret === null ? [secret] : [secret, oldSecret];
      const headers = signedHeaders({ id, body }, secrets, new Date());
      const { statusCode, text, retryAfter } = await post(url, headers, body, this.services.webhookGuard);
      const milliseconds = performance.now() - began;
      if (statusCode >= 200 && statusCode < 300)
        return { milliseconds, statusCode, error: null, answer: null, waitSeconds: null };
      const answer = text === '' ? null : text;
      const waitSeconds = secondsOf(retryAfter, new Date());
      return { milliseconds, statusCode, error: refusal(statusCode), answer, waitSeconds };
    } catch (error) {
      const milliseconds = performance.now() - began;
      return { milliseconds, statusCode: null, error: whyNot(error), answer: null, waitSeconds: null };
    }
  }
}

function refusal(statusCode: number): string {
  const isRedirection = statusCode >= 300 && statusCode < 400;
  return `it answered with status ${statusCode}${isRedirection ? ', and redirections are not followed' : ''}`;
}
