import DataLoader from 'dataloader';
import type { Connection } from './connection.ts';

type Page = Connection<object>;

/** Lists under objects: those that are asked alike are read together, however many objects there are. */
export function listLoaders() {
  const loaders = new Map<string, DataLoader<string, Page>>();
  return {
    /**
     * @param alike which list it is, with its arguments
     * @param read the lists of so many objects, in the order of their ids
     */
    load<T extends object>(
      alike: string,
      parentId: string,
      read: (parentIds: readonly string[]) => Promise<Connection<T>[]>,
    ): Promise<Connection<T>> {
      // After an await of one field those of others may be known, too.
      const made =
        loaders.get(alike) ?? new DataLoader<string, Page>(read, { batchScheduleFn: setImmediate });
      loaders.set(alike, made);
      return made.load(parentId) as Promise<Connection<T>>;
    },
    clearAll: () => loaders.clear(),
  };
}
