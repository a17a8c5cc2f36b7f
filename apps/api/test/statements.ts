import type pg from 'pg';

/** Counts what is asked through a pool. */
export function counter(
  pool: pg.Pool,
): <T>(work: () => Promise<T>) => Promise<{ readonly result: T; readonly count: number }> {
  let count = 0;
  const known = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    const { query } = client;
    client.query = ((...args: unknown[]) => {
      count++;
      return Reflect.apply(query, client, args);
    }) as typeof client.query;
  });
  return async (work) => {
    const before = count;
    const result = await work();
    return { result, count: count - before };
  };
}
