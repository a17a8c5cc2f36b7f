import type { RequestHandler } from 'express';
import pg from 'pg';

/** An answer is good for so long: many who ask make one question of it. */
const FRESH_MS = 100;
const PATIENCE_MS = 5000;

export interface Health {
  readonly handler: RequestHandler;
  close(): Promise<void>;
}

/** Whether the database answers, over a connection of its own: that all others are busy is no illness. */
export function watchHealth(url: string, onError: (error: unknown) => void): Health {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: 1, keepAlive: true },
    ...{ connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS },
  });
  pool.on('error', onError);
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> = Promise.resolve(false);
  const ask = () =>
    pool.query('SELECT 1').then(
      () => true,
      (error) => {
        onError(error);
        return false;
      },
    );
  return {
    async handler(_request, response) {
      if (performance.now() - asked > FRESH_MS) {
        asked = performance.now();
        answer = ask();
      }
      const ok = await answer;
      response.status(ok ? 200 : 503).json(ok ? { ok } : { ok, error: 'the database does not answer' });
    },
    close: () => pool.end(),
  };
}
