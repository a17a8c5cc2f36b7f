import pg from 'pg';

export interface ListenOptions {
  readonly channels: readonly string[];
  /** What the connection calls itself in pg_stat_activity. */
  readonly name?: string;
  /** Done on each connection before it counts: what belongs to a session. */
  readonly onConnect?: (client: pg.Client) => Promise<void>;
  readonly onNotification: (channel: string, payload: string) => void;
  /** Told when it listens again after a break: what was said meanwhile was missed. */
  readonly onReconnect: () => void;
  readonly onError: (error: unknown) => void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
const CONNECT_PATIENCE_MS = 5000;
/** A connection that has died without a word is noticed by asking. */
const ASK_MS = 15_000;
const ANSWER_PATIENCE_MS = 10_000;

/** Hears notifications of a PostgreSQL, over one connection that is made again whenever it breaks. */
export class Listener {
  private readonly url: string;
  private readonly options: ListenOptions;
  private client: pg.Client | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private asking: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;

  private constructor(url: string, options: ListenOptions) {
    this.url = url;
    this.options = options;
  }

  /** @throws if the first connection fails; later ones are tried until one works */
  static async open(url: string, options: ListenOptions): Promise<Listener> {
    const listener = new Listener(url, options);
    await listener.connect();
    return listener;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.waiting);
    clearInterval(this.asking);
    await this.client?.end().catch(() => {});
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      query_timeout: ANSWER_PATIENCE_MS,
      application_name: this.options.name,
      keepAlive: true,
    });
    this.client = client;
    // From the beginning: it may break between any two steps, and an error that nobody hears ends the process.
    client.on('error', () => {});
    let broken = false;
    const breakOff = (error?: unknown) => {
      if (broken) return;
      broken = true;
      clearInterval(this.asking);
      if (this.closed) return;
      if (error) this.options.onError(error);
      // Whatever is left of it; it may never answer.
      void client.end().catch(() => {});
      this.reconnect();
    };
    client.on('notification', ({ channel, payload }) => {
      this.options.onNotification(channel, payload ?? '');
    });
    try {
      await client.connect();
      await this.options.onConnect?.(client);
      for (const channel of this.options.channels) await client.query(`LISTEN ${channel}`);
    } catch (error) {
      broken = true;
      void client.end().catch(() => {});
      throw error;
    }
    client.on('error', breakOff);
    client.on('end', () => breakOff());
    this.asking = setInterval(() => void client.query('SELECT 1').catch(breakOff), ASK_MS);
    this.asking.unref();
  }

  /** Sooner or later, with longer and longer breaks, not all listeners at once. */
  private reconnect(): void {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.waiting = setTimeout(() => void this.again(), longest * (0.5 + Math.random() / 2));
  }

  private async again(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      this.failures += 1;
      // Once is enough: the break itself was told.
      if (this.failures === 1) this.options.onError(error);
      if (!this.closed) this.reconnect();
      return;
    }
    this.failures = 0;
    if (this.closed) await this.client?.end().catch(() => {});
    else this.options.onReconnect();
  }
}
