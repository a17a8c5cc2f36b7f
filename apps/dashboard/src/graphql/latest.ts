/**
 * Does one thing at a time; of those that come meanwhile only the latest is done. So a slider shows where it was while
 * it moves, and never asks for more than it can be answered.
 */
export class Latest<T> {
  private readonly work: (what: T, signal: AbortSignal) => Promise<void>;
  private next: { readonly what: T } | null = null;
  private underWay: AbortController | null = null;

  constructor(work: (what: T, signal: AbortSignal) => Promise<void>) {
    this.work = work;
  }

  put(what: T): void {
    this.next = { what };
    if (!this.underWay) void this.workOff();
  }

  /** Stops what is under way, and forgets what waits. */
  end(): void {
    this.next = null;
    this.underWay?.abort();
  }

  private async workOff(): Promise<void> {
    while (this.next) {
      const { what } = this.next;
      this.next = null;
      this.underWay = new AbortController();
      await this.work(what, this.underWay.signal);
    }
    this.underWay = null;
  }
}
