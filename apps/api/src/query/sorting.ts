import type { Prisma } from '@espalier/store';

export type Direction = 'asc' | 'desc';

/** What rows can be ordered by. */
export interface SortKey {
  /** Null for the id alone, which is the order of creation. */
  readonly value: Prisma.Sql | null;
  readonly type: 'float8' | 'bigint' | 'text';
}

export interface Sorting extends SortKey {
  /** In the cursor: a page goes on in the list and the order in which it began. */
  readonly name: string;
  readonly direction: Direction;
}
