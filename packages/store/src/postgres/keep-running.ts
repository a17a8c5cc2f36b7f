import { setTimeout } from 'node:timers/promises';
import { alive, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';

const LOOK_MS = 500;

/**
 * A PostgreSQL of our own that is started again, at the same address, when it dies: somebody kills it, or memory
 * runs out. What is committed is safe; connections break, and are made again by whoever holds them.
 *
 * @param onError told of each death, and of a start that did not work and is tried again
 * @throws {InputError} where it cannot run at all, with what to do
 */
export async function keepEmbeddedPostgres(
  folder: string,
  onError: (error: unknown) => void,
): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres(folder);
  // Another process started it, and looks after it.
  if (!first.owned) return first;
  let current = first;
  const stopping = new AbortController();
  const watching = watch();

  async function watch(): Promise<void> {
    for (;;) {
      await setTimeout(LOOK_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      if (alive(current.pid)) continue;
      onError(new Error('PostgreSQL died and is restarted'));
      current = await startEmbeddedPostgres(folder).catch((error) => {
        onError(error);
        return current;
      });
    }
  }

  return {
    url: first.url,
    get pid() {
      return current.pid;
    },
    owned: true,
    async stop() {
      stopping.abort();
      await watching;
      await current.stop();
    },
  };
}
