import { EventEmitter, once } from 'node:events';
import { EVENTS_CHANNEL } from '@espalier/worker';
import pg from 'pg';

const RECONNECT_MS = 1000;

/** Tells of runs that have new events: one connection to the database for all readers of this process. */
export class EventBus {
  private readonly url: string;
  private readonly onError: (error: unknown) => void;
  private readonly emitter = new EventEmitter();
  private client: pg.Client | undefined;
  private closed = false;

  private constructor(url: string, onError: (error: unknown) => void) {
    this.url = url;
    this.onError = onError;
    // As many readers as there are.
    this.emitter.setMaxListeners(0);
  }

  static async open(url: string, onError: (error: unknown) => void): Promise<EventBus> {
    const bus = new EventBus(url, onError);
    await bus.connect();
    return bus;
  }

  /** Resolves when the run has a new event, or after `milliseconds`: a notification may be missed. */
  async next(runId: string, milliseconds: number, signal: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(milliseconds);
    await once(this.emitter, runId, { signal: AbortSignal.any([signal, timeout]) }).catch(() => {});
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => {});
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', this.onError);
    client.on('end', () => this.reconnect());
    client.on('notification', ({ payload }) => payload && this.emitter.emit(payload));
    this.client = client;
    await client.connect();
    await client.query(`LISTEN ${EVENTS_CHANNEL}`);
  }

  /** The database may restart: readers poll meanwhile. */
  private reconnect(): void {
    if (this.closed) return;
    setTimeout(() => {
      if (!this.closed) this.connect().catch(this.onError);
    }, RECONNECT_MS).unref();
  }
}
