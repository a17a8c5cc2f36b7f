/** What was made last, up to so many: the one that was not asked for for longest goes first. */
export class Kept<T> {
  private readonly all = new Map<string, T>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  async get(key: string, make: () => Promise<T> | T): Promise<T> {
    const made = this.all.get(key) ?? (await make());
    this.all.delete(key);
    this.all.set(key, made);
    const [oldest] = this.all.keys();
    if (this.all.size > this.most && oldest !== undefined) this.all.delete(oldest);
    return made;
  }

  has(key: string): boolean {
    return this.all.has(key);
  }
}
