/** What a worker computes at the moment, and how to stop it. */
export class WorkUnderWay {
  private readonly controllers = new Map<string, AbortController>();
  private readonly promises = new Set<Promise<unknown>>();

  async run<T>(id: string, queueSignal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    const promise = work(AbortSignal.any([controller.signal, queueSignal]));
    const settled = promise.catch(() => {});
    this.promises.add(settled);
    try {
      return await promise;
    } finally {
      this.controllers.delete(id);
      this.promises.delete(settled);
    }
  }

  ids(): string[] {
    return [...this.controllers.keys()];
  }

  abort(id: string, reason: Error): void {
    this.controllers.get(id)?.abort(reason);
  }

  abortAll(reason: Error): void {
    for (const controller of this.controllers.values()) controller.abort(reason);
  }

  async settled(): Promise<void> {
    await Promise.all(this.promises);
  }
}
