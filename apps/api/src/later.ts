/** Work that nobody waits for, until everything ends. */
export class Later {
  private readonly open = new Set<Promise<void>>();
  private readonly onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.onError = onError;
  }

  readonly run = (work: () => Promise<void>): void => {
    const running: Promise<void> = work()
      .catch(this.onError)
      .finally(() => this.open.delete(running));
    this.open.add(running);
  };

  async done(): Promise<void> {
    await Promise.all(this.open);
  }
}
