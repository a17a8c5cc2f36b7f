import { availableParallelism } from 'node:os';

/** Images are read and decoded on the thread pool; a few more than there are cores keep it busy while files are read. */
const AT_ONCE = availableParallelism() + 2;

/**
 * The results of `work` in the order of the items, with a bounded number of items under way, so that a
 * large folder never is in memory. The first error ends it, after what is under way has come to rest.
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // It is looked at in its turn; until then a failure must not count as unhandled.
      result.catch(() => undefined);
      underWay.push(result);
      if (underWay.length >= AT_ONCE) yield* takeFirst(underWay);
    }
    while (underWay.length > 0) yield* takeFirst(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
}

async function* takeFirst<R>(underWay: Promise<R>[]): AsyncGenerator<R, void, undefined> {
  const first = underWay.shift();
  if (first) yield await first;
}
