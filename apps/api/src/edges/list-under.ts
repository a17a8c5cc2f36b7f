import type { Prisma } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPages, type Source } from '../query/keyset.ts';
import type { Sorting } from '../query/sorting.ts';

/** A list as it is read at the root, and what of it is under an object. */
export interface ListUnder {
  /** Where it stands: `Project.runs`. */
  readonly field: string;
  /** What is there for whoever asks: never more than the list at the root has. */
  readonly source: (self: Viewer) => Source;
  readonly sorting: Sorting;
  /** Whether a row is of the object with this id. */
  readonly of: (id: Prisma.Sql) => Prisma.Sql;
}

/** A page of a list under an object; under many that are asked alike by one statement. */
export function pageUnder<T extends object>(
  { viewer, loaders, database }: Context,
  { id }: { readonly id: string },
  args: PageArgs,
  { field, source, sorting, of }: ListUnder,
): Promise<Connection<T>> {
  const self = requireRole(viewer, 'viewer');
  return loaders.lists.load<T>(`${field} ${JSON.stringify(args)}`, id, (ids) =>
    keysetPages(database.pool, args, source(self), sorting, { ids, of }),
  );
}
