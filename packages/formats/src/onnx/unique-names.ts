/** Names that are taken, and new ones beside them. */
export class UniqueNames {
  private readonly taken: Set<string>;
  /** By stem: where its next number is looked for. */
  private readonly next = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** The name itself if it is free, else with the first number that makes it so. */
  make(stem: string): string {
    let name = stem;
    let i = this.next.get(stem) ?? 1;
    while (this.taken.has(name)) name = `${stem}_${i++}`;
    this.next.set(stem, i);
    this.taken.add(name);
    return name;
  }
}
