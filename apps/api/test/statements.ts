import type pg from 'pg';

/** A statement as it was asked. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Counts what is asked through a pool while something is done, and keeps it. */
export function counter(pool: pg.Pool): <T>(work: () => Promise<T>) => Promise<{
  readonly result: T;
  readonly count: number;
  readonly statements: readonly Statement[];
}> {
  const listening = new Set<Statement[]>();
  const known = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    const { query } = client;
    client.query = ((...args: unknown[]) => {
      const [first, values] = args as [string | Statement, unknown];
      const statement =
        typeof first === 'string' ? { text: first, ...(Array.isArray(values) ? { values } : {}) } : first;
      for (const asked of listening) asked.push(statement);
      return Reflect.apply(query, client, args);
    }) as typeof client.query;
  });
  return async (work) => {
    const statements: Statement[] = [];
    listening.add(statements);
    try {
      const result = await work();
      return { result, count: statements.length, statements };
    } finally {
      listening.delete(statements);
    }
  };
}
