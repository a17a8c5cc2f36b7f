/** What is in a folder of images and is no part of the data set. */
const KINDS = {
  file: ['file that is no image', 'files that are no images'],
  hidden: ['hidden name', 'hidden names'],
  empty: ['class folder without images', 'class folders without images'],
  stray: ['image outside of class folders', 'images outside of class folders'],
  beside: ['folder beside the splits', 'folders beside the splits'],
} as const;

const NAMED = 3;

/** Counts what is left out, and names the first of each kind. */
export class LeftOut {
  private readonly found = new Map<keyof typeof KINDS, Set<string>>();

  add(kind: keyof typeof KINDS, path: string): void {
    this.found.set(kind, (this.found.get(kind) ?? new Set()).add(path));
  }

  has(file: string): boolean {
    return this.found.get('file')?.has(file) ?? false;
  }

  /** Is none that is left out after all. */
  take(file: string): void {
    this.found.get('file')?.delete(file);
  }

  /** One line; null if nothing is. */
  line(): string | null {
    const parts = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
      const paths = [...(this.found.get(kind) ?? [])].sort();
      if (paths.length === 0) return [];
      const names = [...paths.slice(0, NAMED), ...(paths.length > NAMED ? ['...'] : [])];
      return [`${paths.length} ${KINDS[kind][paths.length === 1 ? 0 : 1]} (${names.join(', ')})`];
    });
    return parts.length === 0 ? null : `left out: ${parts.join(', ')}`;
  }
}
