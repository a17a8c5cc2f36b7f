import type { PrismaClient } from '@espalier/store';
import { forgetOldAttempts } from './access/attempts.ts';

const EVERY_MS = 10 * 60_000;

/** Removes what is over, now and then, until it is called. */
export function keepHouse(prisma: PrismaClient, onError: (error: unknown) => void): () => void {
  const sweep = () => forgetOldAttempts(prisma).catch(onError);
  void sweep();
  const timer = setInterval(sweep, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
