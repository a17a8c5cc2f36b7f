import { removeUnreferenced, sizeWords } from '@espalier/store';
import type { Services } from '../graphql/context.ts';

const EVERY_MS = 3_600_000;

export interface Told {
  /** In a line, what was removed. */
  readonly log: (line: string) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Removes, now and every hour, what nobody refers to: of unused uploads, of processes that were killed
 * with bytes in their hands, of purges that were interrupted. Several processes may do it at once.
 *
 * @returns what ends it
 */
export function keepStoreTidy(
  { database, artifacts }: Pick<Services, 'database' | 'artifacts'>,
  { log, onError }: Told,
): () => Promise<void> {
  const tidy = async () => {
    const removed = await removeUnreferenced(database.prisma, artifacts);
    await artifacts.sweep();
    if (removed.artifacts > 0) {
      log(`artifacts that nothing refers to: removed ${removed.artifacts}, ${sizeWords(removed.bytes)}`);
    }
  };
  let running = tidy().catch(onError);
  const timer = setInterval(() => {
    running = running.then(tidy).catch(onError);
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
