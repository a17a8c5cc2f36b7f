import type { PrismaClient } from '@espalier/store';
import { forgetOldAttempts } from './access/attempts.ts';
import { forgetOldEntries } from './audit/noted.ts';
import { forgetOldKeys } from './graphql/under-key.ts';
import { forgetOldLinks } from './public/public-page.ts';
import { forgetOldDeliveries } from './webhooks/outbox.ts';

const EVERY_MS = 10 * 60_000;

/** Removes what is over, now and then, until it is called. */
export function keepHouse(
  prisma: PrismaClient,
  auditDays: number,
  onError: (error: unknown) => void,
): () => void {
  const sweep = async () => {
    try {
      await forgetOldAttempts(prisma);
      await forgetOldKeys(prisma);
      await forgetOldEntries(prisma, auditDays);
      await forgetOldDeliveries(prisma);
      await forgetOldLinks(prisma);
    } catch (error) {
      onError(error);
    }
  };
  void sweep();
  const timer = setInterval(sweep, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
