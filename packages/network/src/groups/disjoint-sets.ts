/** Union-find with path halving over growing sets of integers 0, 1, 2, ... The smallest member represents. */
export class DisjointSets {
  private readonly parents: number[] = [];

  /** Adds `count` singletons and returns the first of them. */
  add(count: number): number {
    const first = this.parents.length;
    for (let i = 0; i < count; i++) this.parents.push(first + i);
    return first;
  }

  find(member: number): number {
    let at = member;
    for (;;) {
      const parent = this.parents[at] ?? at;
      if (parent === at) return at;
      const grandparent = this.parents[parent] ?? parent;
      this.parents[at] = grandparent;
      at = grandparent;
    }
  }

  unite(a: number, b: number): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    this.parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }
}
