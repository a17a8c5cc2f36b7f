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

  /** Waits, in the order of who came, until there is a place. */
  async turn(key: string, most: number): Promise<() => void> {
    for (;;) {
      const place = this.take([[key, most]]);
      if (typeof place !== 'string') return place;
      await new Promise<void>((resolve) => {
        const line = this.waiting.get(key) ?? [];
        line.push(resolve);
        this.waiting.set(key, line);
      });
    }
  }

  private give(key: string): void {
    const left = (this.taken.get(key) ?? 1) - 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
    const line = this.waiting.get(key);
    line?.shift()?.();
    if (line?.length === 0) this.waiting.delete(key);
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
