import { type ArtifactStore, checkSchema } from '@espalier/store';
import type { RequestHandler } from 'express';
import pg from 'pg';

/** An answer is good for so long: many who ask make one question of it. */
const FRESH_MS = 100;
const READY_FRESH_MS = 1000;
const PATIENCE_MS = 5000;
/** Of no file: that it is not there is the answer of a store that answers. */
const NO_FILE = '0'.repeat(64);

export interface Health {
  /** Whether this process lives and its database answers. */
  readonly health: RequestHandler;
  /** Whether it can do its work: what it needs, each by itself. */
  readonly ready: RequestHandler;
  close(): Promise<void>;
}

/** Over a separate connection: that all others are busy is no illness. */
export function watchHealth(
  { url, artifacts }: { readonly url: string; readonly artifacts: ArtifactStore },
  onError: (error: unknown) => void,
): Health {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: 1, keepAlive: true },
    ...{ connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS },
  });
  pool.on('error', onError);
  const asked = (question: () => Promise<unknown>) =>
    question().then(
      () => true,
      (error) => {
        onError(error);
        return false;
      },
    );
  const database = fresh(FRESH_MS, () => asked(() => pool.query('SELECT 1')));
  const schema = fresh(READY_FRESH_MS, () => asked(() => checkSchema(url)));
  const store = fresh(READY_FRESH_MS, () => asked(() => within(artifacts.size(NO_FILE))));
  return {
    async health(_request, response) {
      const ok = await database();
      response.status(ok ? 200 : 503).json(ok ? { ok } : { ok, error: 'the database does not answer' });
    },
    async ready(_request, response) {
      const [answers, current, artifactStore] = await Promise.all([database(), schema(), store()]);
      const ok = answers && current && artifactStore;
      response
        .status(ok ? 200 : 503)
        .json({ ok, database: answers, schema: current, artifacts: artifactStore });
    },
    close: () => pool.end(),
  };
}

function fresh<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<T>;
  return () => {
    if (performance.now() - asked > milliseconds) {
      asked = performance.now();
      answer = ask();
    }
    return answer;
  };
}

async function within<T>(work: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Error('the artifact store does not answer')), PATIENCE_MS);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(late));
}
