/** How many there may be under a key. */
export type Claim = readonly [key: string, most: number];

/** Counts what is under way at once. */
export class Places {
  private readonly taken = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  /** One place under each key, to be given back by calling; or the key under which there is none. */
  take(claims: readonly Claim[]): (() => void) | string {
    const full = claims.find(([key, most]) => (this.taken.get(key) ?? 0) >= most);
    if (full) return full[0];
    for (const [key] of claims) this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
    return once(() => {
      for (const [key] of claims) this.give(key);
    });
  }

  /**
   * Waits, in the order of who came, until there is a place.
   *
   * @param signal when it is aborted, whoever waits leaves the line at once
   * @throws its reason
   */
  async turn(key: string, most: number, signal?: AbortSignal): Promise<() => void> {
    for (;;) {
      signal?.throwIfAborted();
      const place = this.take([[key, most]]);
      if (typeof place !== 'string') return place;
      await this.inLine(key, signal);
      // Whoever was called and has gone lets the next one in.
      if (signal?.aborted) this.callNext(key);
    }
  }

  private inLine(key: string, signal: AbortSignal | undefined): Promise<void> {
    const line = this.waiting.get(key) ?? [];
    this.waiting.set(key, line);
    return new Promise((resolve, reject) => {
      const called = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.splice(line.indexOf(called), 1);
        if (line.length === 0) this.waiting.delete(key);
        reject(signal?.reason);
      };
      line.push(called);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private give(key: string): void {
    const left = (this.taken.get(key) ?? 1) - 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
    this.callNext(key);
  }

  private callNext(key: string): void {
    const line = this.waiting.get(key);
    const called = line?.shift();
    if (line?.length === 0) this.waiting.delete(key);
    called?.();
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
