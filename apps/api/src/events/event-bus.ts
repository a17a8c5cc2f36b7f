import { EventEmitter, once } from 'node:events';
import { EVENTS_CHANNEL, PROGRESS_CHANNEL, WEBHOOKS_CHANNEL, WORKERS_CHANNEL } from '@espalier/runs';
import { Listener } from '@espalier/store';

/**
 * What a reader waits for: new events of a run, anything about any run or sampling, a change of the workers, something
 * to send to a webhook.
 */
export type News =
  | { readonly kind: 'events'; readonly id: string }
  | { readonly kind: 'runs' | 'workers' | 'webhooks' };

/** Tells of what is new: one connection to the database for all readers of this process. */
export class EventBus {
  private readonly emitter = new EventEmitter();
  private listener: Listener | undefined;

  private constructor() {
    // As many readers as there are.
    this.emitter.setMaxListeners(0);
  }

  static async open(url: string, onError: (error: unknown) => void): Promise<EventBus> {
    const bus = new EventBus();
    bus.listener = await Listener.open(url, {
      channels: [EVENTS_CHANNEL, PROGRESS_CHANNEL, WORKERS_CHANNEL, WEBHOOKS_CHANNEL],
      onNotification: (channel, id) => bus.tell(channel, id),
      // Everybody looks for what they missed.
      onReconnect: () => {
        // Who waits for news by `once` waits for an error, too.
        const names = bus.emitter.eventNames().filter((name) => name !== 'error');
        for (const name of names) bus.emitter.emit(name);
      },
      onError,
    });
    return bus;
  }

  /** Resolves when one of these is told of, or after `milliseconds`: a notification may be missed. */
  async next(news: readonly News[], milliseconds: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = () => over.abort();
    // No AbortSignal.timeout in an AbortSignal.any: Node collects one that nothing else refers to, and then the
    // wait has no end.
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const told = news.map((one) => once(this.emitter, nameOf(one), { signal: over.signal }));
    await Promise.race(told).catch(() => {});
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    end();
  }

  async close(): Promise<void> {
    await this.listener?.close();
  }

  private tell(channel: string, id: string): void {
    if (channel === WORKERS_CHANNEL) this.emitter.emit(nameOf({ kind: 'workers' }));
    else if (channel === WEBHOOKS_CHANNEL) this.emitter.emit(nameOf({ kind: 'webhooks' }));
    else this.emitter.emit(nameOf({ kind: 'runs' }));
    if (channel === EVENTS_CHANNEL) this.emitter.emit(nameOf({ kind: 'events', id }));
  }
}

function nameOf(news: News): string {
  return news.kind === 'events' ? `events/${news.id}` : news.kind;
}
