/** Names that are taken, and new ones beside them. */
export class UniqueNames {
  private readonly taken = new Set<string>();

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** The name itself if it is free, else with the first number that makes it so. */
  make(stem: string): string {
    let name = stem;
    for (let i = 1; this.taken.has(name); i++) name = `${stem}_${i}`;
    this.taken.add(name);
    return name;
  }
}
